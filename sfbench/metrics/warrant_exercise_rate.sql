-- id: warrant_exercise_rate
-- measure: 6
-- zh: 认股权行权率
-- en: Warrant exercise rate
-- period: year
-- component: rate | % | not additive | 行权率 | Exercise rate
-- component: rate_with_terminated | % | not additive | 行权率(含终止) | Exercise rate with terminated ones
-- component: gain | CNY 100m | additive | 行权收益 | Gain at exercise
-- component: gain_rate | % | not additive | 行权收益率 | Gain over strike
-- cuts: total
-- direction: up
-- source: metrics.csv: exercised / (exercised + lapsed); gain at exercise. Decided where it is silent: warrants by the
--   year in which they ended, by number; the second rate adds the terminated ones to the denominator. gain_rate: the
--   gain of the exercised warrants over what exercising cost, their share of the equity at the strike value.
-- source_zh: 行权数除以行权数与到期失效数之和；行权收益。补充口径：按认股权终结年份计，以数量计；含终止口径在分母中加
--   入终止数。行权收益率为行权收益除以行权成本，成本为行权对价所对应的股权份额价值。
-- needs: month(month), warrant(size, strike_value, outcome, ended_on, gain)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
ended AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE outcome = 'exercised') AS exercised,
        COUNT(*) FILTER (WHERE outcome IN ('exercised', 'lapsed')) AS exercised_or_lapsed,
        COUNT(outcome) AS ended,
        SUM(gain) FILTER (WHERE outcome = 'exercised') AS gain,
        0.01 * CAST(
            SUM(CAST(strike_value AS DECIMAL(38, 2)) * size) FILTER (WHERE outcome = 'exercised') AS DOUBLE
        ) AS cost
    FROM year
    LEFT JOIN warrant ON YEAR(ended_on) = YEAR(period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(exercised AS DOUBLE) / NULLIF(CAST(exercised_or_lapsed AS DOUBLE), 0) AS rate,
        100.0 * CAST(exercised AS DOUBLE) / NULLIF(CAST(ended AS DOUBLE), 0) AS rate_with_terminated,
        CAST(COALESCE(gain, 0) AS DOUBLE) / 1e8 AS gain,
        100.0 * CAST(gain AS DOUBLE) / NULLIF(cost, 0) AS gain_rate
    FROM ended
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
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_with_terminated, gain, gain_rate))
