-- id: outreach_reach
-- measure: 18
-- zh: 宣传覆盖面
-- en: Reach of outreach
-- period: quarter
-- component: reach_rate | % | not additive | 触达率(人次口径) | Firms reached over firms
-- component: first_reach_rate | % | not additive | 首次触达率 | Firms reached for the first time over firms
-- component: firms_reached | count | additive | 触达企业数 | Firms reached
-- component: firms_first_reached | count | additive | 首次触达企业数 | Firms reached for the first time
-- component: matches | count | additive | 对接成功数 | Firms matched
-- component: events | count | not additive | 活动场次 | Events
-- cuts: total, district, channel
-- direction: up
-- source: metrics.csv: firms reached by channel and district / firms. Decided where it is silent: events by the day
--   held; the events name no firms, so a firm met twice counts twice and reach_rate can exceed 100. Over all firms
--   registered in the city that live at the quarter's end, tech or not, under district those of the district; online
--   events are in no district. Every district and both channels have rows; a month's visits are one event. Events are
--   reported days after: in data as of a quarter's end the visits of its last month are not there yet.
-- source_zh: 各渠道、各区触达企业占企业总数的比例。补充口径：活动按举办日计；活动未载企业名称，故同一企业两次参加计两
--   次，触达率可超过100%。分母为季末存续的本市注册企业，不限科技型企业，分区时为该区企业；线上活动不归任何区。各区和
--   两种渠道均列出；一个月的走访计一次活动。活动数日后方报送，以季末为截止日的数据尚不含当季末月走访。
-- needs: month(month), district(district_id), outreach(channel, district_id, held_on, firms_reached,
--   firms_first_reached, matches), firm_life

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
living_firm AS (
    SELECT period, district_id, SUM(firms) AS firms
    FROM quarter
    JOIN firm_life ON founded_month <= period AND (dissolved_month IS NULL OR dissolved_month > period)
    GROUP BY period, district_id
),
city_firm AS (
    SELECT period, SUM(firms) AS firms FROM living_firm GROUP BY period
),
cut_base AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, firms
    FROM quarter
    LEFT JOIN city_firm USING (period)
    UNION ALL
    SELECT period, 'channel', channel, firms
    FROM quarter
    CROSS JOIN (VALUES ('offline'), ('online')) AS way (channel)
    LEFT JOIN city_firm USING (period)
    UNION ALL
    SELECT period, 'district', CAST(district_id AS VARCHAR), firms
    FROM quarter
    CROSS JOIN district
    LEFT JOIN living_firm USING (period, district_id)
),
event AS (
    SELECT period, channel, district_id, firms_reached, firms_first_reached, matches
    FROM quarter
    JOIN outreach ON DATE_TRUNC('quarter', held_on) = DATE_TRUNC('quarter', period)
),
cut_event AS (
    SELECT event.*, 'total' AS cut, 'total' AS cut_value FROM event
    UNION ALL
    SELECT event.*, 'channel', channel FROM event
    UNION ALL
    SELECT event.*, 'district', CAST(district_id AS VARCHAR) FROM event
),
reach AS (
    SELECT
        period,
        cut,
        cut_value,
        firms,
        COALESCE(SUM(firms_reached), 0) AS firms_reached,
        COALESCE(SUM(firms_first_reached), 0) AS firms_first_reached,
        COALESCE(SUM(matches), 0) AS matches,
        COUNT(channel) AS events
    FROM cut_base
    LEFT JOIN cut_event USING (period, cut, cut_value)
    GROUP BY period, cut, cut_value, firms
),
figure AS (
    SELECT
        *,
        100.0 * CAST(firms_reached AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS reach_rate,
        100.0 * CAST(firms_first_reached AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS first_reach_rate
    FROM reach
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
    value FOR component IN (reach_rate, first_reach_rate, firms_reached, firms_first_reached, matches, events)
)
WHERE cut = 'total' OR value IS NOT NULL
