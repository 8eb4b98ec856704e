-- id: tech_npl_ratio
-- measure: 19
-- zh: 科技贷款不良率
-- en: Tech NPL ratio
-- period: month
-- component: npl_ratio | % | not additive | 科技贷款不良率 | Tech NPL ratio
-- component: npl_ratio_tech_enterprise | % | not additive | 科技型企业贷款不良率 | NPL ratio of tech-enterprise loans
-- component: npl_ratio_all_notes | % | not additive | 全部借据不良率 | NPL ratio of all loan notes
-- component: overdue_90_ratio | % | not additive | 科技贷款逾期90天以上占比 | Tech loans over 90 days overdue
-- component: npl_balance | CNY 100m | additive | 科技贷款不良余额 | Non-performing tech loans
-- cuts: total, bank, stage, cluster
-- direction: down
-- source: metrics.csv: balance in the last three grades / balance. Decided where it is silent: loan notes at the month
--   end, as graded then; written-off and transferred notes are gone. Tech notes are flagged in the month or by use,
--   each once. The stage is the borrower's age in calendar months (startup under 60, growth under 120, mature), the
--   cluster that of the list of 2024 for all months; borrowers without a cluster are in none.
-- source_zh: 后三类贷款余额占贷款余额的比例。补充口径：取月末借据及当时分类，已核销、已转让的不在其中。科技借据为当月
--   有标识或投向科技的借据，每笔只计一次。阶段按借款人成立月数划分（不足60个月为初创期，不足120个月为成长期，其余为成
--   熟期）；集群各月均按2024年目录，无集群的不计入分组。
-- needs: month(month), bank_loan_month, loan_stage_month, impaired_note_month

WITH bank_sum AS (
    SELECT
        month,
        institution_id,
        tech_enterprise,
        tech_use,
        SUM(balance_rmb) AS balance_rmb,
        0 AS npl_rmb,
        0 AS overdue_rmb
    FROM bank_loan_month
    GROUP BY month, institution_id, tech_enterprise, tech_use
    UNION ALL
    SELECT
        month,
        institution_id,
        tech_enterprise,
        tech_use,
        0,
        SUM(CASE WHEN npl THEN balance_rmb ELSE 0 END),
        SUM(CASE WHEN overdue_90 THEN balance_rmb ELSE 0 END)
    FROM impaired_note_month
    GROUP BY month, institution_id, tech_enterprise, tech_use
),
stage_sum AS (
    SELECT
        month,
        stage,
        cluster_id,
        tech_enterprise,
        tech_use,
        SUM(balance_rmb) AS balance_rmb,
        0 AS npl_rmb,
        0 AS overdue_rmb
    FROM loan_stage_month
    GROUP BY month, stage, cluster_id, tech_enterprise, tech_use
    UNION ALL
    SELECT
        month,
        stage,
        cluster_id,
        tech_enterprise,
        tech_use,
        0,
        SUM(CASE WHEN npl THEN balance_rmb ELSE 0 END),
        SUM(CASE WHEN overdue_90 THEN balance_rmb ELSE 0 END)
    FROM impaired_note_month
    GROUP BY month, stage, cluster_id, tech_enterprise, tech_use
),
part AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, tech_enterprise, tech_use, balance_rmb, npl_rmb, overdue_rmb
    FROM bank_sum
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), tech_enterprise, tech_use, balance_rmb, npl_rmb, overdue_rmb
    FROM bank_sum
    UNION ALL
    SELECT month, 'stage', stage, tech_enterprise, tech_use, balance_rmb, npl_rmb, overdue_rmb
    FROM stage_sum
    UNION ALL
    SELECT month, 'cluster', CAST(cluster_id AS VARCHAR), tech_enterprise, tech_use, balance_rmb, npl_rmb, overdue_rmb
    FROM stage_sum
    WHERE cluster_id IS NOT NULL
    UNION ALL
    -- a month without notes keeps its total
    SELECT month, 'total', 'total', NULL, NULL, NULL, NULL, NULL
    FROM month
),
amounts AS (
    SELECT
        month,
        cut,
        cut_value,
        SUM(balance_rmb) AS book,
        SUM(npl_rmb) AS npl,
        SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use) AS tech_book,
        COALESCE(SUM(npl_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0) AS tech_npl,
        SUM(overdue_rmb) FILTER (WHERE tech_enterprise OR tech_use) AS tech_overdue,
        SUM(balance_rmb) FILTER (WHERE tech_enterprise) AS firm_book,
        SUM(npl_rmb) FILTER (WHERE tech_enterprise) AS firm_npl
    FROM part
    GROUP BY month, cut, cut_value
),
figure AS (
    SELECT
        month AS period,
        cut,
        cut_value,
        100.0 * CAST(tech_npl AS DOUBLE) / NULLIF(CAST(tech_book AS DOUBLE), 0) AS npl_ratio,
        100.0 * CAST(firm_npl AS DOUBLE) / NULLIF(CAST(firm_book AS DOUBLE), 0) AS npl_ratio_tech_enterprise,
        100.0 * CAST(npl AS DOUBLE) / NULLIF(CAST(book AS DOUBLE), 0) AS npl_ratio_all_notes,
        100.0 * CAST(tech_overdue AS DOUBLE) / NULLIF(CAST(tech_book AS DOUBLE), 0) AS overdue_90_ratio,
        CAST(tech_npl AS DOUBLE) / 1e8 AS npl_balance
    FROM amounts
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN component <> 'npl_ratio_all_notes' THEN '2025' END AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (
        npl_ratio, npl_ratio_tech_enterprise, npl_ratio_all_notes, overdue_90_ratio, npl_balance
    )
)
WHERE cut = 'total' OR value IS NOT NULL
