-- id: cash_pool_members
-- measure: 10
-- zh: 跨境资金池
-- en: Cash pools
-- period: quarter
-- component: members | count | additive | 成员数 | Members
-- component: pools | count | additive | 资金池数 | Pools
-- component: members_in_city | count | additive | 其中深圳成员 | Members in Shenzhen
-- component: gross_flow | USD 100m | additive | 当季跨境收支 | Gross flow of the quarter
-- component: net_inflow | USD 100m | additive | 当季净流入 | Net inflow of the quarter
-- component: gross_flow_to_date | USD 100m | additive | 累计跨境收支 | Gross flow to date
-- cuts: total
-- direction: up
-- source: metrics.csv: pools; members; gross flows. Decided where it is silent: pools registered by the quarter's end
--   (a pool has no end) and the members that have joined and not left by then, the leader included, at home and abroad.
--   Flows are those that the pools report for the quarter, in 1e8 dollars.
-- source_zh: 资金池数、成员数和跨境收支总额。补充口径：取截至季末已登记的资金池（资金池无终止日）及已加入未退出的成员，
--   含主办企业，含境内外成员。收支为资金池当季报送数，单位为亿美元。
-- needs: month(month), cash_pool(registered_on), cash_pool_member(place, joined_on, left_on), cash_pool_flow(quarter,
--   inflow_usd, outflow_usd, gross_to_date_usd)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
pool AS (
    SELECT period, COUNT(registered_on) AS pools
    FROM quarter
    LEFT JOIN cash_pool ON registered_on <= period
    GROUP BY period
),
member AS (
    SELECT period, COUNT(place) AS members, COUNT(*) FILTER (WHERE place = 'shenzhen') AS members_in_city
    FROM quarter
    LEFT JOIN cash_pool_member ON joined_on <= period AND (left_on IS NULL OR left_on > period)
    GROUP BY period
),
flow AS (
    SELECT
        period,
        CAST(COALESCE(SUM(inflow_usd + outflow_usd), 0) AS DOUBLE) / 1e8 AS gross_flow,
        CAST(COALESCE(SUM(inflow_usd - outflow_usd), 0) AS DOUBLE) / 1e8 AS net_inflow,
        CAST(COALESCE(SUM(gross_to_date_usd), 0) AS DOUBLE) / 1e8 AS gross_flow_to_date
    FROM quarter
    LEFT JOIN cash_pool_flow ON quarter = period
    GROUP BY period
),
figure AS (
    SELECT * FROM pool JOIN member USING (period) JOIN flow USING (period)
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (members, pools, members_in_city, gross_flow, net_inflow, gross_flow_to_date)
)
