-- id: green_channel_share
-- measure: 9
-- zh: 绿色通道占比
-- en: Share through the green channel
-- period: quarter
-- component: share | % | not additive | 绿色通道笔数占比 | Share of applications
-- component: share_amount | % | not additive | 绿色通道金额占比 | Share of the amount requested
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: tech applications through the green channel / tech applications. Decided where it is silent: by
--   the quarter in which they are made, decided or not; by number and by amount requested; the bank is the one asked;
--   tech ones are of firms that are tech enterprises on the day they apply, or for products for such firms only.
-- source_zh: 经绿色通道的科技类申请占科技类申请的比例。补充口径：计入申请所在季度，不论是否已审批；按笔数和申请金额计；
--   银行为受理银行；科技类指企业申请当日为科技型企业，或产品仅面向科技型企业。
-- needs: month(month), tech_application

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
request AS (
    SELECT applied_quarter AS quarter, institution_id, channel = 'green' AS green, amount_requested
    FROM tech_application
    WHERE tech_when_applied
),
requested AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        COUNT(institution_id) AS requests,
        COUNT(*) FILTER (WHERE green) AS green_requests,
        CAST(SUM(amount_requested) AS DOUBLE) AS amount,
        CAST(COALESCE(SUM(amount_requested) FILTER (WHERE green), 0) AS DOUBLE) AS green_amount
    FROM quarter
    LEFT JOIN request USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * CAST(green_requests AS DOUBLE) / NULLIF(CAST(requests AS DOUBLE), 0) AS share,
        100.0 * green_amount / NULLIF(amount, 0) AS share_amount
    FROM requested
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_amount))
