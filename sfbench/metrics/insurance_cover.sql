-- id: insurance_cover
-- measure: 15
-- zh: 科技保险保额
-- en: Sum insured by tech insurance
-- period: quarter
-- component: premium_yoy | % | not additive | 近12个月保费同比 | Growth of 12-month premium
-- component: cover_12m | CNY 100m | additive | 近12个月承保保额 | Sum insured written in 12 months
-- component: cover_cumulative | CNY 100m | additive | 累计保额 | Sum insured written to date
-- component: cover_in_force | CNY 100m | additive | 有效保额 | Sum insured in force
-- component: premium_12m | CNY 100m | additive | 近12个月保费 | Premium written in 12 months
-- cuts: total, line, scope
-- direction: up
-- target: >10
-- source: metrics.csv: sum insured written in the trailing 12 months; cumulative shown beside; scope stated; premium
--   and yoy. Decided where it is silent: the total is the broad scope, all policies; scope special is the narrow one.
--   12 months are the four quarters that end with the period, in force is starts_on to ends_on, cumulative all
--   policies written to date; whole policies, co-insurers' parts added up. Of policies written before the first month
--   the data may hold only those then still in force: cumulative begins with these, and the 12 months of the first
--   three quarters may fall short. So growth needs the whole base within the months of the data; from a base below
--   CNY 10 million of premium or 5 policies it is kept within 300 % either way and flagged.
-- source_zh: 近12个月承保保额，累计保额并列，注明口径；保费及同比。补充口径：合计为宽口径，取全部保单；专项
--   （special）为窄口径。近12个月为截至当期的四个季度，有效保额以起保日至止保日为准，累计为迄今全部承保；保单按整单计，
--   合并各共保份额。首月之前承保的保单，数据中可能只有首月仍有效的：累计数自此起算，前三个季度的近12个月数可能偏低。
--   故同比须基期完整落在数据月份内；基期保费低于1000万元或不足5单的，限于±300%以内并予注明。
-- needs: month(month), insurance_policy(line, scope, written_on, starts_on, ends_on, sum_insured, premium)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
policy AS (
    SELECT *, LAST_DAY(DATE_TRUNC('quarter', written_on) + INTERVAL 2 MONTH) AS written_quarter FROM insurance_policy
),
written AS (
    SELECT
        written_quarter,
        line,
        scope,
        SUM(sum_insured) AS sum_insured,
        SUM(premium) AS premium,
        COUNT(*) AS policies
    FROM policy
    GROUP BY written_quarter, line, scope
),
-- Every quarter's sums once more for each later period, told apart by their age.
cover AS (
    SELECT
        period,
        line,
        scope,
        written_quarter > LAST_DAY(period - INTERVAL 12 MONTH) AS recent,
        written_quarter > LAST_DAY(period - INTERVAL 24 MONTH)
        AND written_quarter <= LAST_DAY(period - INTERVAL 12 MONTH) AS base,
        sum_insured,
        premium,
        policies,
        0 AS in_force
    FROM quarter
    JOIN written ON written_quarter <= period
    UNION ALL
    SELECT period, line, scope, FALSE, FALSE, 0, 0, 0, SUM(sum_insured)
    FROM quarter
    JOIN insurance_policy ON period BETWEEN starts_on AND ends_on
    GROUP BY period, line, scope
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(line) = 0 THEN 'line' WHEN GROUPING(scope) = 0 THEN 'scope' ELSE 'total' END AS cut,
        COALESCE(line, scope, 'total') AS cut_value,
        COALESCE(SUM(premium) FILTER (WHERE recent), 0) AS premium,
        COALESCE(SUM(premium) FILTER (WHERE base), 0) AS base_premium,
        COALESCE(SUM(policies) FILTER (WHERE base), 0) AS base_policies,
        COALESCE(SUM(sum_insured) FILTER (WHERE recent), 0) AS recent_cover,
        COALESCE(SUM(sum_insured), 0) AS cumulative_cover,
        COALESCE(SUM(in_force), 0) AS cover_in_force
    FROM quarter
    LEFT JOIN cover USING (period)
    GROUP BY GROUPING SETS ((period), (period, line), (period, scope))
    HAVING cut = 'total' OR line IS NOT NULL OR scope IS NOT NULL
),
growth AS (
    SELECT
        *,
        LAST_DAY(period - INTERVAL 23 MONTH) >= (SELECT MIN(month) FROM month) AS covered,
        base_premium < 10000000 OR base_policies < 5 AS small,
        100.0 * (CAST(premium AS DOUBLE) / NULLIF(CAST(base_premium AS DOUBLE), 0) - 1) AS yoy
    FROM sums
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        covered,
        small,
        CASE
            WHEN NOT covered OR yoy IS NULL THEN NULL
            WHEN small THEN GREATEST(-300, LEAST(300, yoy))
            ELSE yoy
        END AS premium_yoy,
        CAST(recent_cover AS DOUBLE) / 1e8 AS cover_12m,
        CAST(cumulative_cover AS DOUBLE) / 1e8 AS cover_cumulative,
        CAST(cover_in_force AS DOUBLE) / 1e8 AS cover_in_force,
        CAST(premium AS DOUBLE) / 1e8 AS premium_12m
    FROM growth
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE
        WHEN component <> 'premium_yoy' THEN NULL
        WHEN NOT covered THEN 'base not covered'
        WHEN value IS NULL THEN 'zero base'
        WHEN small THEN 'small base'
    END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (premium_yoy, cover_12m, cover_cumulative, cover_in_force, premium_12m)
)
WHERE cut = 'total' OR value IS NOT NULL
