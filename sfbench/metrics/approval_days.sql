-- id: approval_days
-- measure: 9
-- zh: 审批时效
-- en: Approval time
-- period: quarter
-- component: median_days | day | not additive | 审批天数中位数 | Median days
-- component: p90_days | day | not additive | 审批天数90分位 | 90th percentile of days
-- component: decisions | count | additive | 审批笔数 | Decisions
-- component: green_gap | day | not additive | 绿色通道与普通渠道中位数之差 | Median of the green channel less that of the others
-- cuts: total, channel, bank
-- direction: down
-- source: metrics.csv: days from application to decision. Decided where it is silent: tech applications approved or
--   refused in the quarter (a withdrawal is not the bank's decision); tech ones are of firms that are tech enterprises
--   on the day they apply, or for products for such firms only; calendar days, quantiles by linear interpolation; the
--   channel is green or ordinary (all others); the gap is of the total and of banks, and none where one of the two has
--   no decision.
-- source_zh: 申请至审批的天数。补充口径：取当季批准或拒绝的科技类申请（撤回不属银行决定），即企业申请当日为科技型企业，
--   或产品仅面向科技型企业；按自然日计，分位数以线性插值；渠道分绿色通道和普通渠道（其余全部）；差值只按合计和银行计算，
--   任一渠道没有审批的不计算。
-- needs: month(month), tech_application

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
decision AS (
    SELECT
        decided_quarter AS quarter,
        CAST(institution_id AS VARCHAR) AS bank,
        CASE WHEN channel = 'green' THEN 'green' ELSE 'ordinary' END AS channel,
        decided_on - applied_on AS days
    FROM tech_application
    WHERE tech_when_applied AND decision IN ('approved', 'refused')
),
speed AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank) = 0 THEN 'bank' WHEN GROUPING(channel) = 0 THEN 'channel' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(bank) = 0 THEN bank WHEN GROUPING(channel) = 0 THEN channel ELSE 'total' END AS cut_value,
        MEDIAN(days) AS median_days,
        QUANTILE_CONT(days, 0.9) AS p90_days,
        CAST(COUNT(days) AS DOUBLE) AS decisions,
        MEDIAN(days) FILTER (WHERE channel = 'green') AS green_days,
        MEDIAN(days) FILTER (WHERE channel = 'ordinary') AS ordinary_days
    FROM quarter
    LEFT JOIN decision USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank), (quarter, channel))
    HAVING cut = 'total' OR COUNT(days) > 0
),
figure AS (
    SELECT *, green_days - ordinary_days AS green_gap FROM speed
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
UNPIVOT INCLUDE NULLS (value FOR component IN (median_days, p90_days, decisions, green_gap))
WHERE cut <> 'channel' OR component <> 'green_gap'
