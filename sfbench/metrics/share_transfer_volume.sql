-- id: share_transfer_volume
-- measure: 3
-- zh: 基金份额转让额
-- en: Fund-share transfers
-- period: quarter
-- component: amount | CNY 100m | additive | 转让金额 | Amount paid
-- component: transfers | count | additive | 转让笔数 | Transfers
-- component: discount | % | not additive | 较净值折价率 | Discount to net asset value
-- component: state_seller_share | % | not additive | 国资卖方占比 | Share of state-owned sellers
-- cuts: total, venue
-- direction: up
-- source: metrics.csv: transfer amount; discount to NAV; share of state-owned sellers. Decided where it is silent: by
--   the day of the transfer; the discount is of the sums, so weighted, and negative for a premium.
-- source_zh: 基金份额转让金额、较净值折价率、国资卖方占比。补充口径：按转让日计；折价率以合计数计算，即为加权值，溢价
--   为负。
-- needs: month(month), fund_transfer(transfer_id, venue, transferred_on, state_seller, net_asset_value, price)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
transfer AS (
    SELECT period, transfer_id, venue, state_seller, net_asset_value, price
    FROM quarter
    JOIN fund_transfer ON DATE_TRUNC('quarter', transferred_on) = DATE_TRUNC('quarter', period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(venue) = 0 THEN 'venue' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(venue) = 0 THEN venue ELSE 'total' END AS cut_value,
        COUNT(transfer_id) AS transfers,
        COALESCE(SUM(price), 0) AS price,
        COALESCE(SUM(price) FILTER (WHERE state_seller), 0) AS state_price,
        SUM(net_asset_value) AS net_asset_value
    FROM quarter
    LEFT JOIN transfer USING (period)
    GROUP BY GROUPING SETS ((period), (period, venue))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(price AS DOUBLE) / 1e8 AS amount,
        transfers,
        100.0 * CAST(net_asset_value - price AS DOUBLE) / NULLIF(CAST(net_asset_value AS DOUBLE), 0) AS discount,
        100.0 * CAST(state_price AS DOUBLE) / NULLIF(CAST(price AS DOUBLE), 0) AS state_seller_share
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
UNPIVOT INCLUDE NULLS (value FOR component IN (amount, transfers, discount, state_seller_share))
WHERE cut = 'total' OR value IS NOT NULL
