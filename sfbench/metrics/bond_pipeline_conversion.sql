-- id: bond_pipeline_conversion
-- measure: 5
-- zh: 科创债储备转化率
-- en: Conversion of the bond pipeline
-- period: quarter
-- component: issued_share | % | not additive | 12个月内发行转化率 | Issued within 12 months
-- component: issued_amount_share | % | not additive | 12个月内发行金额占计划比例 | Amount issued within 12 months over planned
-- component: registered_use | % | not additive | 注册额度使用率 | Issued over registered amount
-- cuts: total, issuer_type
-- direction: up
-- source: metrics.csv: issued within 12 months / reserved; issued / registered amount. Decided where it is silent:
--   programmes other than IP-backed ones. Both shares within 12 months belong to the quarter of the reserve and are
--   reported once 12 months have passed, by number and by amount over the amount planned; a lapsed programme stays in
--   its cohort. registered_use is a stock: issued up to the day over registered, of programmes registered and not
--   lapsed.
-- source_zh: 储备后12个月内发行的比例；发行额占注册额度的比例。补充口径：不含知识产权证券化项目。两项12个月占比归入储
--   备所在季度，满12个月后公布，分别按项目数和按金额占计划额计；失效项目保留在队列内。注册额度使用率为存量指标，即截
--   至当日已注册且未失效项目的已发行额占注册额度的比例。
-- needs: month(month), bond(pipeline_id, issued_on, amount), bond_pipeline(pipeline_id, issuer_type, instrument,
--   reserved_on, registered_on, first_issued_on, lapsed_on, planned_amount, registered_amount)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
ripe_quarter AS (
    SELECT period FROM quarter WHERE LAST_DAY(period + INTERVAL 12 MONTH) <= (SELECT MAX(month) FROM month)
),
programme AS (
    SELECT * FROM bond_pipeline WHERE instrument <> 'IP_ABS'
),
early_issue AS (
    SELECT pipeline_id, SUM(amount) AS issued
    FROM programme
    JOIN bond USING (pipeline_id)
    WHERE issued_on <= reserved_on + INTERVAL 12 MONTH
    GROUP BY pipeline_id
),
reserved AS (
    SELECT
        period,
        issuer_type,
        CASE WHEN first_issued_on <= reserved_on + INTERVAL 12 MONTH THEN 1 ELSE 0 END AS converted,
        planned_amount,
        issued
    FROM ripe_quarter
    JOIN programme ON DATE_TRUNC('quarter', reserved_on) = DATE_TRUNC('quarter', period)
    LEFT JOIN early_issue USING (pipeline_id)
),
registered AS (
    SELECT period, programme.issuer_type, registered_amount, COALESCE(SUM(amount), 0) AS issued
    FROM quarter
    JOIN programme ON registered_on <= period AND (lapsed_on IS NULL OR lapsed_on > period)
    LEFT JOIN bond ON bond.pipeline_id = programme.pipeline_id AND issued_on <= period
    GROUP BY period, programme.pipeline_id, programme.issuer_type, registered_amount
),
amounts AS (
    SELECT period, issuer_type, 'issued_share' AS component, 1 AS base, converted AS part FROM reserved
    UNION ALL
    SELECT period, issuer_type, 'issued_amount_share', planned_amount, COALESCE(issued, 0) FROM reserved
    UNION ALL
    SELECT period, issuer_type, 'registered_use', registered_amount, issued FROM registered
),
-- What is reported on the total, with or without a programme.
reported AS (
    SELECT period, component
    FROM ripe_quarter
    CROSS JOIN (VALUES ('issued_share'), ('issued_amount_share')) AS cohort (component)
    UNION ALL
    SELECT period, 'registered_use'
    FROM quarter
),
figure AS (
    SELECT
        period,
        component,
        'total' AS cut,
        'total' AS cut_value,
        100.0 * CAST(SUM(part) AS DOUBLE) / NULLIF(CAST(SUM(base) AS DOUBLE), 0) AS value
    FROM reported
    LEFT JOIN amounts USING (period, component)
    GROUP BY period, component
    UNION ALL
    SELECT
        period,
        component,
        'issuer_type',
        issuer_type,
        100.0 * CAST(SUM(part) AS DOUBLE) / NULLIF(CAST(SUM(base) AS DOUBLE), 0)
    FROM amounts
    GROUP BY period, component, issuer_type
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
WHERE cut = 'total' OR value IS NOT NULL
