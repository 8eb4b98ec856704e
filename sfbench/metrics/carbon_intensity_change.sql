-- id: carbon_intensity_change
-- measure: 12
-- zh: 碳强度变化
-- en: Change in carbon intensity of borrowers
-- period: year
-- component: change | % | not additive | 贷款金额加权的碳强度变化 | Change weighted by the loans
-- component: pooled_change | % | not additive | 借款企业合并碳强度变化 | Change of the pooled intensity
-- component: pooled_change_all | % | not additive | 全部企业合并碳强度变化 | The same for all firms
-- component: borrowers | count | additive | 纳入计算的借款企业 | Borrowers in the figure
-- cuts: total
-- direction: down
-- source: metrics.csv: weighted change of tCO2e per CNY m revenue after the loan. Decided where it is silent:
--   borrowers to whom a green or decarbonisation note was granted in the year before, the reported year against the
--   year before the loan; firms with both years, revenue in both and emissions in the first. change weighs each firm's
--   relative change by the amount of these notes; pooled_change sums emissions and revenue first; pooled_change_all
--   takes all such firms, borrowers or not. Preliminary reports and firms outside the city count. A fall is negative.
-- source_zh: 贷款后每百万元营业收入二氧化碳排放当量的加权变化。补充口径：取上一年获绿色或降碳贷款的借款人，以报告年与
--   贷款前一年相比；两年数据齐备、两年均有营业收入且首年有排放的企业方计入。加权口径以上述借据金额对各企业相对变化加
--   权；合并口径先加总排放和营业收入；全部企业口径不限借款人。含初报数据和市外企业。下降为负。
-- needs: month(month), emission_pair

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
firm AS (
    SELECT
        period,
        granted_rmb,
        granted_rmb IS NOT NULL AS borrower,
        CAST(revenue AS DOUBLE) AS revenue,
        tco2e,
        CAST(earlier_revenue AS DOUBLE) AS earlier_revenue,
        earlier_tco2e
    FROM year
    JOIN emission_pair ON year = YEAR(period)
),
firm_change AS (
    SELECT
        *,
        (tco2e / NULLIF(revenue, 0)) / NULLIF(earlier_tco2e / NULLIF(earlier_revenue, 0), 0) - 1 AS change
    FROM firm
),
sums AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE borrower) AS borrowers,
        CAST(SUM(granted_rmb) AS DOUBLE) AS weight,
        SUM(CAST(granted_rmb AS DOUBLE) * change) AS weighted_change,
        SUM(revenue) FILTER (WHERE borrower) AS revenue,
        SUM(tco2e) FILTER (WHERE borrower) AS tco2e,
        SUM(earlier_revenue) FILTER (WHERE borrower) AS earlier_revenue,
        SUM(earlier_tco2e) FILTER (WHERE borrower) AS earlier_tco2e,
        SUM(revenue) AS all_revenue,
        SUM(tco2e) AS all_tco2e,
        SUM(earlier_revenue) AS all_earlier_revenue,
        SUM(earlier_tco2e) AS all_earlier_tco2e
    FROM year
    LEFT JOIN firm_change USING (period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * weighted_change / NULLIF(weight, 0) AS change,
        100.0 * ((tco2e / NULLIF(revenue, 0)) / NULLIF(earlier_tco2e / NULLIF(earlier_revenue, 0), 0) - 1)
            AS pooled_change,
        100.0 * (
            (all_tco2e / NULLIF(all_revenue, 0)) / NULLIF(all_earlier_tco2e / NULLIF(all_earlier_revenue, 0), 0) - 1
        ) AS pooled_change_all,
        CAST(borrowers AS DOUBLE) AS borrowers
    FROM sums
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (change, pooled_change, pooled_change_all, borrowers))
