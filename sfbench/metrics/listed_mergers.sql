-- id: listed_mergers
-- measure: 6
-- zh: 科技企业并购额
-- en: M&A by tech enterprises
-- period: quarter
-- component: deals | count | additive | 完成并购数 | Deals completed
-- component: value | CNY 100m | additive | 完成并购额 | Value completed
-- component: agreed_deals | count | additive | 签约并购数 | Deals agreed
-- component: agreed_value | CNY 100m | additive | 签约并购额 | Value agreed
-- component: control_deals | count | additive | 其中取得控制权 | Deals that give control
-- component: listed_deals | count | additive | 其中上市公司收购 | Deals by listed acquirers
-- cuts: total
-- direction: up
-- source: metrics.csv: deal count and value. Decided where it is silent: mergers by firms of the city that were tech
--   enterprises at the agreement; the target may be any firm. Completed mergers belong to the quarter in which they
--   closed, all kinds; control deals leave minority stakes out; agreed ones to the quarter of the agreement, whether
--   closed, open or given up later.
-- source_zh: 并购的单数和金额。补充口径：取签约时为科技型企业的本市企业所作的并购，标的不限。完成数计入交割所在季度，
--   含各种类型；取得控制权的不含参股；签约数计入签约所在季度，不论其后完成、未决或终止。
-- needs: month(month), city_merger

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
tech_merger AS (
    SELECT * FROM city_merger WHERE acquirer_tech
),
event AS (
    SELECT closed_on AS event_on, TRUE AS closed, kind <> 'minority' AS control, acquirer_listed AS listed, price
    FROM tech_merger
    WHERE closed_on IS NOT NULL
    UNION ALL
    SELECT agreed_on, FALSE, FALSE, FALSE, price
    FROM tech_merger
),
figure AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE closed) AS deals,
        CAST(COALESCE(SUM(price) FILTER (WHERE closed), 0) AS DOUBLE) / 1e8 AS value_closed,
        COUNT(*) FILTER (WHERE NOT closed) AS agreed_deals,
        CAST(COALESCE(SUM(price) FILTER (WHERE NOT closed), 0) AS DOUBLE) / 1e8 AS agreed_value,
        COUNT(*) FILTER (WHERE control) AS control_deals,
        COUNT(*) FILTER (WHERE listed) AS listed_deals
    FROM quarter
    LEFT JOIN event ON DATE_TRUNC('quarter', event_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (
        deals, value_closed AS 'value', agreed_deals, agreed_value, control_deals, listed_deals
    )
)
