-- id: coordination_credit_rate
-- measure: 11
-- zh: 小微融资协调授信率
-- en: Credit rate of the coordination list
-- period: quarter
-- component: rate | % | not additive | 授信率 | Credit rate
-- component: rate_push | % | not additive | 清单推送授信率 | Credit rate through the pushed list
-- component: drawn | CNY 100m | additive | 累计放款金额 | Amount drawn
-- component: recommended | count | additive | 推荐企业数 | Firms recommended
-- component: granted | count | additive | 授信企业数 | Firms granted
-- cuts: total, district, bank
-- direction: up
-- source: metrics.csv: firms granted credit / firms recommended by the coordination mechanism. Decided where it is
--   silent: cumulative and by distinct firms from their first recommendation on, removed or not since; granted by any
--   bank on an application made on that day or later; rate_push counts grants through the pushed list; drawn is the
--   amount of the notes under all such grants. For a bank, recommended are the firms that have asked it.
-- source_zh: 获授信企业占协调机制推荐企业的比例。补充口径：自首次推荐起累计，按企业去重，不论其后是否移出；授信指任一
--   银行对推荐日及以后申请的批准；清单推送口径只计经推送清单的授信；累计放款为上述授信项下借据金额。按银行分组时，推
--   荐企业为向该行申请的企业。
-- needs: month(month), coordination_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
event AS (
    SELECT *, 'total' AS cut, 'total' AS cut_value FROM coordination_quarter WHERE institution_id IS NULL
    UNION ALL
    SELECT *, 'district', district FROM coordination_quarter WHERE institution_id IS NULL
    UNION ALL
    SELECT *, 'bank', CAST(institution_id AS VARCHAR) FROM coordination_quarter WHERE institution_id IS NOT NULL
),
so_far AS (
    SELECT quarter.quarter, cut, cut_value, recommended, granted, pushed_grants, drawn_rmb
    FROM quarter
    JOIN event ON event.quarter <= quarter.quarter
    UNION ALL
    SELECT quarter, 'total', 'total', 0, 0, 0, 0
    FROM quarter
),
firm_sum AS (
    SELECT
        quarter,
        cut,
        cut_value,
        CAST(SUM(recommended) AS DOUBLE) AS recommended,
        CAST(SUM(granted) AS DOUBLE) AS granted,
        CAST(SUM(pushed_grants) AS DOUBLE) AS pushed_grants,
        CAST(SUM(drawn_rmb) AS DOUBLE) / 1e8 AS drawn
    FROM so_far
    GROUP BY quarter, cut, cut_value
),
figure AS (
    SELECT
        *,
        100.0 * granted / NULLIF(recommended, 0) AS rate,
        100.0 * pushed_grants / NULLIF(recommended, 0) AS rate_push
    FROM firm_sum
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_push, drawn, recommended, granted))
