-- id: relending_leverage
-- measure: 1
-- zh: 再贷款撬动倍数
-- en: Relending leverage
-- period: quarter
-- component: leverage | ratio | not additive | 当季撬动倍数 | Leverage of the quarter's draws
-- component: cumulative | ratio | not additive | 累计撬动倍数 | Leverage of all draws so far
-- component: above_floor | ratio | not additive | 超出机械下限 | Leverage above the mechanical floor
-- component: floor | ratio | not additive | 机械下限 | Mechanical floor
-- cuts: total, bank
-- direction: none
-- source: metrics.csv: scheme loans issued / relending drawn for the same loans; mechanical floor 1 / funding share
--   shown. Decided where it is silent: only ledger notes that a draw refinances, so that the same loans stand above
--   and below; a note counts in the quarter of its draw, whatever becomes of the draw later. The programme refinances
--   at most 60 % of a loan (fact relend_funding_share), so the floor is 1 / 0.60 in every row. A bank has rows from
--   the quarter of its first draw.
-- source_zh: 再贷款支持的贷款发放额除以同一批贷款所用的再贷款额；另列1除以资金支持比例所得的机械下限。补充口径：只取
--   已申请再贷款的台账借据，使分子分母为同一批贷款；计入申请再贷款的季度，其后再贷款如何变动不影响。政策规定再贷款最
--   高为贷款本金的60%，故各行下限均为1/0.60。银行自首次申请再贷款的季度起有数据。
-- needs: month(month), relending_note

WITH quarter AS (
    SELECT month AS quarter, LAST_DAY(month - INTERVAL 3 MONTH) AS quarter_before
    FROM month
    WHERE MONTH(month) IN (3, 6, 9, 12)
),
drawn_note AS (
    SELECT institution_id, drawn_on, eligible_principal, refinanced_amount
    FROM relending_note
    WHERE drawn_on IS NOT NULL
),
draw AS (
    SELECT
        quarter,
        institution_id,
        COALESCE(SUM(eligible_principal) FILTER (WHERE drawn_on > quarter_before), 0) AS principal,
        COALESCE(SUM(refinanced_amount) FILTER (WHERE drawn_on > quarter_before), 0) AS refinanced,
        SUM(eligible_principal) AS all_principal,
        SUM(refinanced_amount) AS all_refinanced
    FROM quarter
    JOIN drawn_note ON drawn_on <= quarter
    GROUP BY quarter, institution_id
),
level AS (
    SELECT
        quarter,
        'total' AS cut,
        'total' AS cut_value,
        SUM(principal) AS principal,
        SUM(refinanced) AS refinanced,
        SUM(all_principal) AS all_principal,
        SUM(all_refinanced) AS all_refinanced
    FROM quarter
    LEFT JOIN draw USING (quarter)
    GROUP BY quarter
    UNION ALL
    SELECT
        quarter,
        'bank',
        CAST(institution_id AS VARCHAR),
        principal,
        refinanced,
        all_principal,
        all_refinanced
    FROM draw
),
programme AS (
    SELECT 0.60 AS funding_share
),
multiple AS (
    SELECT
        quarter,
        cut,
        cut_value,
        CAST(principal AS DOUBLE) / NULLIF(CAST(refinanced AS DOUBLE), 0) AS leverage,
        CAST(all_principal AS DOUBLE) / NULLIF(CAST(all_refinanced AS DOUBLE), 0) AS cumulative,
        1 / NULLIF(CAST(funding_share AS DOUBLE), 0) AS floor
    FROM level
    CROSS JOIN programme
),
figure AS (
    SELECT quarter, cut, cut_value, 'leverage' AS component, leverage AS value FROM multiple
    UNION ALL
    SELECT quarter, cut, cut_value, 'cumulative', cumulative FROM multiple
    UNION ALL
    SELECT quarter, cut, cut_value, 'above_floor', leverage - floor FROM multiple
    UNION ALL
    SELECT quarter, cut, cut_value, 'floor', floor FROM multiple
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
