-- id: subsidy_pass_through
-- measure: 1
-- zh: 财政贴息到账率
-- en: Subsidy paid to entitled
-- period: quarter
-- component: rate | % | not additive | 累计到账率 | Paid of all applied for so far
-- component: rate_recent | % | not additive | 近四季到账率 | Paid of what was applied for in four quarters
-- component: received | CNY 100m | additive | 累计到账额 | Received so far
-- component: entitled | CNY 100m | additive | 累计应贴额 | Entitled so far
-- cuts: total, bank
-- direction: up
-- target: >=100
-- source: metrics.csv: subsidy received by borrowers / subsidy entitled; the rate change against matched loans is a
--   bench estimand. Decided where it is silent: both schemes together; a claim counts from the day on which it is
--   applied for, the end of its interest period plays no part; received is what of these claims is paid by the
--   quarter's end. rate_recent takes the claims of the four quarters that end there.
-- source_zh: 借款人已到账贴息占应贴息的比例；利率较可比贷款的变动属检验平台的估计对象。补充口径：两项贴息政策合并；自
--   申请日起计入，与贴息期间止日无关；到账额为上述申请截至季末已拨付部分。近四季口径取截至当季的四个季度的申请。
-- needs: month(month), subsidy_claim

WITH quarter AS (
    SELECT month AS quarter, LAST_DAY(month - INTERVAL 12 MONTH) AS year_before
    FROM month
    WHERE MONTH(month) IN (3, 6, 9, 12)
),
claim AS (
    SELECT
        quarter,
        institution_id,
        applied_on > year_before AS recent,
        entitled,
        CASE WHEN paid_on <= quarter THEN COALESCE(paid, 0) ELSE 0 END AS received
    FROM quarter
    LEFT JOIN subsidy_claim ON applied_on <= quarter
),
level AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        COALESCE(SUM(entitled), 0) AS entitled,
        COALESCE(SUM(received), 0) AS received,
        COALESCE(SUM(entitled) FILTER (WHERE recent), 0) AS recent_entitled,
        COALESCE(SUM(received) FILTER (WHERE recent), 0) AS recent_received
    FROM claim
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    -- the quarters before the first claim have no bank
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        'rate' AS component,
        100.0 * CAST(received AS DOUBLE) / NULLIF(CAST(entitled AS DOUBLE), 0) AS value
    FROM level
    UNION ALL
    SELECT
        quarter,
        cut,
        cut_value,
        'rate_recent',
        100.0 * CAST(recent_received AS DOUBLE) / NULLIF(CAST(recent_entitled AS DOUBLE), 0)
    FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'received', CAST(received AS DOUBLE) / 1e8 FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'entitled', CAST(entitled AS DOUBLE) / 1e8 FROM level
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
