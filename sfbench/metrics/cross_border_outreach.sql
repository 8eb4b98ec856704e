-- id: cross_border_outreach
-- measure: 10
-- zh: 跨境金融走进各区成效
-- en: Cross-border outreach
-- period: quarter
-- component: events | count | not additive | 活动场次 | Events
-- component: firms | count | additive | 触达企业数 | Firms reached
-- component: match_rate | % | not additive | 对接成功率 | Firms matched over firms reached
-- component: first_business | count | additive | 6个月内首次跨境业务企业数 | Firms of the district with first cross-border business
--   within 6 months
-- component: first_business_rate | % | not additive | 首次跨境业务与触达企业之比 | First cross-border business over firms reached
-- cuts: total, district
-- direction: up
-- source: metrics.csv: events; firms; first cross-border business within 6 months / firms reached. Decided where it is
--   silent: events of kind cross_border by the day held; a firm reached twice counts twice. No table says which firms
--   came, so first business is read from the place: firms of the event's district (of any, if the event has none) whose
--   first facility, cash pool or credit on a cross-border report comes after the event and within 6 months; each firm
--   once in the quarter. An upper bound that may pass 100 % and says nothing about cause; reported once the 6 months
--   have passed. Events without a district are on the total only.
-- source_zh: 活动场次、触达企业数，以及6个月内首次办理跨境业务的企业与触达企业之比。补充口径：取“跨境金融走进各区”类
--   活动，按举办日计；企业两次参加计两次。各表未载参加企业，故以地域推定首次业务：活动所在区（活动不分区的为全市）的
--   企业，在活动后6个月内首次取得外债额度、加入资金池或据跨境信用报告获授信，每家企业每季只计一次。该比例为上限，可超
--   过100%，不说明因果；满6个月后公布。不分区的活动只计入合计。
-- needs: month(month), outreach(outreach_id, kind, district_id, held_on, firms_reached, matches), cross_border_start

WITH quarter AS (
    SELECT month AS period, LAST_DAY(month + INTERVAL 6 MONTH) <= (SELECT MAX(month) FROM month) AS ripe
    FROM month
    WHERE MONTH(month) % 3 = 0
),
event AS (
    SELECT period, ripe, outreach_id, district_id, held_on, firms_reached, matches
    FROM quarter
    JOIN outreach ON DATE_TRUNC('quarter', held_on) = DATE_TRUNC('quarter', period)
    WHERE kind = 'cross_border'
),
starter AS (
    SELECT DISTINCT period, event.district_id, enterprise_id
    FROM event
    JOIN cross_border_start AS start
        ON (event.district_id IS NULL OR start.district_id = event.district_id)
        AND first_on > held_on
        AND first_on <= held_on + INTERVAL 6 MONTH
),
reach AS (
    SELECT
        period,
        ripe,
        'total' AS cut,
        'total' AS cut_value,
        COUNT(outreach_id) AS events,
        COALESCE(SUM(firms_reached), 0) AS firms,
        COALESCE(SUM(matches), 0) AS matches
    FROM quarter
    LEFT JOIN event USING (period, ripe)
    GROUP BY period, ripe
    UNION ALL
    SELECT
        period, ripe, 'district', CAST(district_id AS VARCHAR), COUNT(*), SUM(firms_reached), SUM(matches)
    FROM event
    WHERE district_id IS NOT NULL
    GROUP BY period, ripe, district_id
),
first_business AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, COUNT(DISTINCT enterprise_id) AS starters
    FROM starter
    GROUP BY period
    UNION ALL
    SELECT period, 'district', CAST(district_id AS VARCHAR), COUNT(*)
    FROM starter
    WHERE district_id IS NOT NULL
    GROUP BY period, district_id
),
figure AS (
    SELECT
        period,
        ripe,
        cut,
        cut_value,
        events,
        firms,
        100.0 * CAST(matches AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS match_rate,
        COALESCE(starters, 0) AS first_business,
        100.0 * CAST(COALESCE(starters, 0) AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS first_business_rate
    FROM reach
    LEFT JOIN first_business USING (period, cut, cut_value)
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
    value FOR component IN (events, firms, match_rate, first_business, first_business_rate)
)
WHERE (ripe OR component NOT LIKE 'first_business%') AND (cut = 'total' OR value IS NOT NULL)
