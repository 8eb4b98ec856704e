-- id: s_fund_share
-- measure: 3
-- zh: S基金占比
-- en: Share of S funds among buyers
-- period: year
-- component: amount | % | not additive | S基金买入金额占比 | Share of the amount
-- component: count | % | not additive | S基金买入笔数占比 | Share of transfers
-- component: named_amount | % | not additive | 数据内S基金买入金额占比 | Share bought by S funds of the data
-- cuts: total
-- direction: up
-- source: metrics.csv: amount bought by S funds / transfers. Decided where it is silent: transfers of the year at all
--   venues; an S fund is a buyer of that kind, in or out of the data; named_amount takes only those of the data.
-- source_zh: S基金买入金额占份额转让金额的比例。补充口径：取当年各场所的转让；S基金指该类买方，不论是否在数据内；数据
--   内口径只取数据所载的S基金。
-- needs: month(month), fund_transfer(transfer_id, transferred_on, buyer_kind, buyer_fund_id, price)

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
transfer AS (
    SELECT
        YEAR(transferred_on) AS year,
        transfer_id,
        price,
        buyer_kind = 's_fund' AS s_fund,
        buyer_fund_id IS NOT NULL AS named
    FROM fund_transfer
),
sums AS (
    SELECT
        period,
        COUNT(transfer_id) AS transfers,
        COUNT(*) FILTER (WHERE s_fund) AS s_fund_transfers,
        SUM(price) AS price,
        COALESCE(SUM(price) FILTER (WHERE s_fund), 0) AS s_fund_price,
        COALESCE(SUM(price) FILTER (WHERE s_fund AND named), 0) AS named_price
    FROM year_end
    LEFT JOIN transfer ON year = YEAR(period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(s_fund_price AS DOUBLE) / NULLIF(CAST(price AS DOUBLE), 0) AS amount,
        100.0 * CAST(s_fund_transfers AS DOUBLE) / NULLIF(CAST(transfers AS DOUBLE), 0) AS count,
        100.0 * CAST(named_price AS DOUBLE) / NULLIF(CAST(price AS DOUBLE), 0) AS named_amount
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
UNPIVOT INCLUDE NULLS (value FOR component IN (amount, count, named_amount))
