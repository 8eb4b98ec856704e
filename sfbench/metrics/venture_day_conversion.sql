-- id: venture_day_conversion
-- measure: 3
-- zh: 创投日对接转化率
-- en: Conversion of venture-day matches
-- period: quarter
-- component: conversion | % | not additive | 转化率 | Conversion
-- component: matches | count | additive | 对接企业数 | Firms matched
-- component: converted | count | additive | 获投企业数 | Firms that closed a deal
-- cuts: total
-- direction: up
-- source: metrics.csv: matches followed by a closed deal within 12 months / matches at least 12 months old. Decided
--   where it is silent: venture days of the quarter, reported once 12 months have passed. No table ties a match to a
--   deal; the best evidence is a new equity deal that says it was introduced: it goes to the last venture day before
--   it, if that is at most 12 months back. converted are distinct investees of these deals, at most as many as
--   matched, because deals introduced at other events cannot be told apart.
-- source_zh: 对接后12个月内完成投资的对接数占对接已满12个月的对接数的比例。补充口径：取当季创投日，满12个月后公布。各
--   表未载对接与投资的对应关系，以注明经介绍的新增股权投资为最佳证据，归入其前最近一次创投日，且相隔不超过12个月。获
--   投企业为上述投资的去重企业数，最多等于对接企业数，因其他活动介绍的投资无法区分。
-- needs: month(month), outreach(kind, held_on, matches), new_equity_deal

WITH cohort AS (
    SELECT month AS period
    FROM month
    WHERE MONTH(month) % 3 = 0 AND month + INTERVAL 12 MONTH <= (SELECT MAX(month) FROM month)
),
venture_day AS (
    SELECT held_on, SUM(matches) AS matches FROM outreach WHERE kind = 'venture_day' GROUP BY held_on
),
introduced_deal AS (
    SELECT investee_id, MAX(held_on) AS held_on
    FROM new_equity_deal
    JOIN venture_day ON held_on < closed_on
    WHERE introduced
    GROUP BY deal_id, investee_id, closed_on
    HAVING closed_on <= MAX(held_on) + INTERVAL 12 MONTH
),
matched AS (
    SELECT period, COALESCE(SUM(matches), 0) AS matches
    FROM cohort
    LEFT JOIN venture_day ON DATE_TRUNC('quarter', held_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
invested AS (
    SELECT period, COUNT(DISTINCT investee_id) AS firms
    FROM cohort
    LEFT JOIN introduced_deal ON DATE_TRUNC('quarter', held_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
firms AS (
    SELECT period, CAST(matches AS DOUBLE) AS matches, CAST(LEAST(firms, matches) AS DOUBLE) AS converted
    FROM matched
    JOIN invested USING (period)
),
figure AS (
    SELECT *, 100.0 * converted / NULLIF(matches, 0) AS conversion FROM firms
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
UNPIVOT INCLUDE NULLS (value FOR component IN (conversion, matches, converted))
