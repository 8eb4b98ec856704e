-- id: invest_early_share
-- measure: 0
-- zh: 投早占比
-- en: Share invested early
-- period: year
-- component: amount | % | not additive | 投早金额占比 | Share of the amount
-- component: count | % | not additive | 投早笔数占比 | Share of the number of deals
-- component: amount_round | % | not additive | 种子天使轮金额占比 | Share of seed and angel rounds in the amount
-- component: count_round | % | not additive | 种子天使轮笔数占比 | Share of seed and angel rounds in the number
-- component: amount_in_city | % | not additive | 投早金额占比（在深企业） | Share of the amount, investees in Shenzhen
-- cuts: total, fund
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: deals in firms aged <= 60 months with staff <= 300 and assets and revenue <= CNY 50m / all;
--   round-based variant beside; amount and count apart; thresholds are parameters. Decided where it is silent: deals
--   that brought new equity in the year, of all funds, in and out of the city; old shares, debt and guarantees are in
--   neither part. All four thresholds hold together, as the deal row says. The variant by round takes seed and angel.
-- source_zh: 投向成立不超过60个月、职工不超过300人且资产总额、营业收入均不超过5000万元企业的项目占全部项目比重，另列
--   按轮次口径，金额与笔数分列；各项门槛为参数。补充口径：取当年带来新增股权的投资，含全部基金和市内外企业；老股、债
--   权和担保在分子分母中均不计。四项条件须同时满足，以投资记录所载为准。轮次口径取种子轮和天使轮。
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
        early,
        stage IN ('seed', 'angel') AS early_round
    FROM year_end
    JOIN new_equity_deal ON YEAR(closed_on) = YEAR(period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(fund) = 0 THEN 'fund' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(fund) = 0 THEN fund ELSE 'total' END AS cut_value,
        COUNT(fund) AS deals,
        COUNT(*) FILTER (WHERE early) AS early_deals,
        COUNT(*) FILTER (WHERE early_round) AS round_deals,
        SUM(amount) AS amount,
        COALESCE(SUM(amount) FILTER (WHERE early), 0) AS early_amount,
        COALESCE(SUM(amount) FILTER (WHERE early_round), 0) AS round_amount,
        SUM(amount) FILTER (WHERE in_city) AS city_amount,
        COALESCE(SUM(amount) FILTER (WHERE in_city AND early), 0) AS early_city_amount
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
        100.0 * CAST(early_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS amount,
        100.0 * CAST(early_deals AS DOUBLE) / NULLIF(CAST(deals AS DOUBLE), 0) AS count,
        100.0 * CAST(round_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS amount_round,
        100.0 * CAST(round_deals AS DOUBLE) / NULLIF(CAST(deals AS DOUBLE), 0) AS count_round,
        100.0 * CAST(early_city_amount AS DOUBLE) / NULLIF(CAST(city_amount AS DOUBLE), 0) AS amount_in_city
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
UNPIVOT INCLUDE NULLS (value FOR component IN (amount, count, amount_round, count_round, amount_in_city))
WHERE cut = 'total' OR value IS NOT NULL
