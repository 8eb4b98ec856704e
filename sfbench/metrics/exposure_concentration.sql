-- id: exposure_concentration
-- measure: 19
-- zh: 客户集中度
-- en: Exposure concentration
-- period: quarter
-- component: largest_customer_ratio | % | not additive | 最大单一客户占一级资本比例 | Largest customer over tier-1 capital
-- component: largest_group_ratio | % | not additive | 最大集团客户占一级资本比例 | Largest group over tier-1 capital
-- component: top10_share | % | not additive | 前十大客户占借据余额比例 | Ten largest customers over own loan notes
-- component: top10_share_all_loans | % | not additive | 前十大客户占各项贷款比例 | Ten largest customers over all loans
-- component: cluster_hhi | index | not additive | 产业集群集中度 | Concentration over clusters (HHI)
-- cuts: total, bank
-- direction: down
-- source: metrics.csv: largest customer and group / bank tier-1 capital; top-10 / own loans; cluster HHI. Decided where
--   it is silent: loan notes at the quarter's last month end; a customer or group is summed at the bank, a firm without
--   a group is its own. Capital is the latest reported tier-1 capital; the total is the largest of the banks' ratios.
--   The ten largest customers are of the bank, on the total of the city, each over its banks; all loans are the bank's
--   own report. HHI: 10,000 x the sum of squared shares of the clusters of 2024, borrowers without one left out.
--   Capital is x scale and a firm's loans are not, so the two ratios to capital mean something at scale 1 only; ten
--   customers, too, are a larger part of a smaller world.
-- source_zh: 最大单一客户、最大集团客户占本行一级资本的比例；前十大客户占本行贷款的比例；集群赫芬达尔指数。补充口径：
--   取季末借据；客户或集团在同一银行合并计算，无集团的企业自成一户。资本取最近报送的一级资本；合计为各银行比例的最大
--   值。前十大客户按银行计，合计为全市，客户跨银行合并；各项贷款取银行报送数。指数为2024年集群份额平方和乘以10000，无
--   集群的借款人不计。资本随规模缩放而单户贷款不缩放，故两项资本占比只在规模1时有意义；规模越小，前十大客户占比也越高。
-- needs: month(month), institution_year(institution_id, year_end, tier1_capital), bank_month(month, institution_id,
--   reporting_scope, current, all_loans), exposure_quarter, bank_loan_month, loan_use_month

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
capital AS (
    SELECT period, institution_id, CAST(tier1_capital AS DOUBLE) AS capital
    FROM quarter
    JOIN institution_year ON year_end <= period
    WHERE tier1_capital IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (PARTITION BY period, institution_id ORDER BY year_end DESC) = 1
),
capital_ratio AS (
    SELECT
        period,
        capital.institution_id,
        100.0 * CAST(largest_customer_rmb AS DOUBLE) / NULLIF(capital, 0) AS largest_customer_ratio,
        100.0 * CAST(largest_group_rmb AS DOUBLE) / NULLIF(capital, 0) AS largest_group_ratio
    FROM exposure_quarter
    JOIN capital ON period = month AND capital.institution_id = exposure_quarter.institution_id
),
bank_ratio AS (
    SELECT
        period,
        'bank' AS cut,
        CAST(institution_id AS VARCHAR) AS cut_value,
        largest_customer_ratio,
        largest_group_ratio
    FROM capital_ratio
    UNION ALL
    SELECT period, 'total', 'total', MAX(largest_customer_ratio), MAX(largest_group_ratio)
    FROM capital_ratio
    GROUP BY period
),
top10 AS (
    SELECT
        month AS period,
        CASE WHEN institution_id IS NULL THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        CAST(top10_rmb AS DOUBLE) AS top10
    FROM exposure_quarter
),
book AS (
    SELECT month AS period, institution_id, NULL AS cluster_id, balance_rmb AS notes, 0 AS all_loans, 0 AS in_cluster
    FROM bank_loan_month
    UNION ALL
    SELECT month, institution_id, NULL, 0, all_loans, 0
    FROM bank_month
    WHERE reporting_scope = 'PBOC' AND current
    UNION ALL
    SELECT month, institution_id, cluster_id, 0, 0, balance_rmb
    FROM loan_use_month
    WHERE cluster_id IS NOT NULL
),
cut_book AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(SUM(notes) AS DOUBLE) AS notes,
        CAST(SUM(all_loans) AS DOUBLE) AS all_loans,
        CAST(SUM(in_cluster) AS DOUBLE) AS in_cluster
    FROM quarter
    JOIN book USING (period)
    GROUP BY GROUPING SETS ((period, cluster_id), (period, institution_id, cluster_id))
),
base AS (
    SELECT
        period,
        cut,
        cut_value,
        SUM(notes) AS notes,
        SUM(all_loans) AS all_loans,
        SUM(in_cluster * in_cluster) / NULLIF(SUM(in_cluster) * SUM(in_cluster), 0) AS hhi
    FROM cut_book
    GROUP BY period, cut, cut_value
),
reported AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value FROM quarter
    UNION
    SELECT period, cut, cut_value FROM top10
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        largest_customer_ratio,
        largest_group_ratio,
        100.0 * top10 / NULLIF(notes, 0) AS top10_share,
        100.0 * top10 / NULLIF(all_loans, 0) AS top10_share_all_loans,
        10000.0 * hhi AS cluster_hhi
    FROM reported
    LEFT JOIN top10 USING (period, cut, cut_value)
    LEFT JOIN base USING (period, cut, cut_value)
    LEFT JOIN bank_ratio USING (period, cut, cut_value)
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (
        largest_customer_ratio, largest_group_ratio, top10_share, top10_share_all_loans, cluster_hhi
    )
)
WHERE cut = 'total' OR value IS NOT NULL
