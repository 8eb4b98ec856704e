-- id: vc_instrument_mix
-- measure: 3
-- zh: 创投投资工具结构
-- en: Mix of venture instruments
-- period: year
-- component: share | % | not additive | 投资金额占比 | Share of the amount
-- component: amount | CNY 100m | additive | 投资金额 | Amount
-- component: exposure | CNY 100m | additive | 担保增信敞口 | Guarantee exposure
-- component: deals | count | additive | 投资笔数 | Deals
-- cuts: total, instrument
-- direction: none
-- source: metrics.csv: amount by instrument / all; guarantees shown as exposure and not as funding. Decided where it
--   is silent: all deals closed in the year, old shares included, of all funds, in and out of the city. A guarantee
--   pays no money, so its share is 0; its exposure stands beside and is never added.
-- source_zh: 各投资工具金额占全部投资金额的比例；担保作为敞口列示，不计为融资。补充口径：取当年交割的全部投资，含老股，
--   含全部基金和市内外企业。担保不支付资金，故占比为0，其敞口并列，不相加。
-- needs: month(month), deal(deal_id, closed_on, instrument, amount, exposure)

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
deal_of_year AS (
    SELECT YEAR(closed_on) AS year, deal_id, instrument, amount, exposure FROM deal
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(instrument) = 0 THEN 'instrument' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(instrument) = 0 THEN instrument ELSE 'total' END AS cut_value,
        CAST(COALESCE(SUM(amount), 0) AS DOUBLE) AS paid,
        CAST(COALESCE(SUM(exposure), 0) AS DOUBLE) AS guaranteed,
        COUNT(deal_id) AS deals
    FROM year_end
    LEFT JOIN deal_of_year ON year = YEAR(period)
    GROUP BY GROUPING SETS ((period), (period, instrument))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * paid / NULLIF(SUM(paid) FILTER (WHERE cut = 'total') OVER (PARTITION BY period), 0) AS share,
        paid / 1e8 AS amount,
        guaranteed / 1e8 AS exposure,
        deals
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, amount, exposure, deals))
WHERE cut = 'total' OR value IS NOT NULL
