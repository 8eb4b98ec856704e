-- id: tenor_rd_cycle_match
-- measure: 2
-- zh: 贷款期限与研发周期匹配度
-- en: Match of loan tenor to R&D cycle
-- period: quarter
-- component: share | % | not additive | 匹配笔数占比 | Share of notes
-- component: amount_share | % | not additive | 匹配金额占比 | Share of principal
-- component: loans | count | additive | 笔数 | Notes
-- cuts: total, cluster
-- direction: up
-- source: metrics.csv: share of R&D and fixed-asset loans whose term >= the borrower's stated cycle. Decided where it
--   is silent: notes granted in the quarter that are fixed-asset loans (F023), R&D products, or have R&D in their
--   purpose; the cycle is that of the borrower's latest year reported by the day of grant, and notes of borrowers
--   that had reported none are left out; the term is the original tenor. A borrower without a cluster is in the total
--   only.
-- source_zh: 期限不短于借款人申报研发周期的研发贷款和固定资产贷款占比。补充口径：取当季发放的固定资产贷款（F023）、研
--   发类产品或用途含“研发”的借据；研发周期取放款日前最近一次年报所载，尚未报送的借款人不计；期限为原始期限。无集群的
--   借款人只计入合计。
-- needs: month(month), rd_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
level AS (
    SELECT
        quarter,
        'total' AS cut,
        'total' AS cut_value,
        COALESCE(SUM(notes), 0) AS notes,
        COALESCE(SUM(matched_notes), 0) AS matched_notes,
        COALESCE(SUM(amount_rmb), 0) AS amount_rmb,
        COALESCE(SUM(matched_rmb), 0) AS matched_rmb
    FROM quarter
    LEFT JOIN rd_loan_quarter USING (quarter)
    GROUP BY quarter
    UNION ALL
    SELECT quarter, 'cluster', CAST(cluster_id AS VARCHAR), notes, matched_notes, amount_rmb, matched_rmb
    FROM rd_loan_quarter
    WHERE cluster_id IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        'share' AS component,
        100.0 * CAST(matched_notes AS DOUBLE) / NULLIF(CAST(notes AS DOUBLE), 0) AS value
    FROM level
    UNION ALL
    SELECT
        quarter,
        cut,
        cut_value,
        'amount_share',
        100.0 * CAST(matched_rmb AS DOUBLE) / NULLIF(CAST(amount_rmb AS DOUBLE), 0)
    FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'loans', notes FROM level
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
