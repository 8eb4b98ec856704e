-- id: invest_small_share
-- measure: 0
-- zh: 投小占比
-- en: Share invested in small companies
-- period: year
-- component: amount | % | not additive | 投小金额占比 | Share of the amount
-- component: count | % | not additive | 投小笔数占比 | Share of the number of deals
-- component: amount_size | % | not additive | 小微企业金额占比（统计规模） | Share of statistically small and micro firms in the
--   amount
-- component: count_size | % | not additive | 小微企业笔数占比（统计规模） | Share of statistically small and micro firms in the
--   number
-- component: amount_in_city | % | not additive | 投小金额占比（在深企业） | Share of the amount, investees in Shenzhen
-- cuts: total, fund
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: deals in firms with staff <= 500 and revenue and assets <= CNY 200m / all; statistical size
--   variant beside; thresholds are parameters. Decided where it is silent: deals as in invest_early_share; age does
--   not matter. The variant takes only investees of the data with figures of the year before the deal; small there is
--   the statistical size small or micro (CS03, CS04); others are in neither of its parts.
-- source_zh: 投向职工不超过500人且营业收入、资产总额均不超过2亿元企业的项目占全部项目比重，另列统计规模口径；各项门槛
--   为参数。补充口径：项目范围同投早占比，不限企业年龄。统计规模口径只取有投资前一年财务数据的数据内企业，小微指统计
--   上的小型和微型企业（CS03、CS04）；其余企业在分子分母中均不计。
-- needs: month(month), new_equity_deal

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
base AS (
    SELECT
        period,
        CAST(fund_id AS VARCHAR) AS fund,
        amount,
        in_city,
        small,
        size_year_before IS NOT NULL AS sized,
        COALESCE(size_year_before IN ('CS03', 'CS04'), FALSE) AS small_size
    FROM year_end
    JOIN new_equity_deal ON YEAR(closed_on) = YEAR(period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(fund) = 0 THEN 'fund' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(fund) = 0 THEN fund ELSE 'total' END AS cut_value,
        COUNT(fund) AS deals,
        COUNT(*) FILTER (WHERE small) AS small_deals,
        COUNT(*) FILTER (WHERE sized) AS sized_deals,
        COUNT(*) FILTER (WHERE small_size) AS small_size_deals,
        SUM(amount) AS amount,
        COALESCE(SUM(amount) FILTER (WHERE small), 0) AS small_amount,
        SUM(amount) FILTER (WHERE sized) AS sized_amount,
        COALESCE(SUM(amount) FILTER (WHERE small_size), 0) AS small_size_amount,
        SUM(amount) FILTER (WHERE in_city) AS city_amount,
        COALESCE(SUM(amount) FILTER (WHERE in_city AND small), 0) AS small_city_amount
    FROM year_end
    LEFT JOIN base USING (period)
    GROUP BY GROUPING SETS ((period), (period, fund))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(small_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS amount,
        100.0 * CAST(small_deals AS DOUBLE) / NULLIF(CAST(deals AS DOUBLE), 0) AS count,
        100.0 * CAST(small_size_amount AS DOUBLE) / NULLIF(CAST(sized_amount AS DOUBLE), 0) AS amount_size,
        100.0 * CAST(small_size_deals AS DOUBLE) / NULLIF(CAST(sized_deals AS DOUBLE), 0) AS count_size,
        100.0 * CAST(small_city_amount AS DOUBLE) / NULLIF(CAST(city_amount AS DOUBLE), 0) AS amount_in_city
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (amount, count, amount_size, count_size, amount_in_city))
WHERE cut = 'total' OR value IS NOT NULL
