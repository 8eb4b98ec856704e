-- zh: 重叠期链接后的同比
-- en: Growth chained over the months that both scopes report
-- task: indicator
-- question: like_for_like_growth
-- source: Eurostat 2013, Handbook on Industrial Producer Prices, chain-linking by overlap; calibration section 0
-- source_zh: 欧盟统计局《工业生产者价格手册》，2013年，重叠期链接；校准资料第0节

-- Growth in the old scope up to the last month that has both, times growth in the new scope from there on.
WITH total AS (
    SELECT month, scope_version, CAST(SUM(tech_loans - tech_loans_other) AS DOUBLE) AS total
    FROM bank_month
    WHERE reporting_scope = 'PBOC'
    GROUP BY month, scope_version
),

link AS (SELECT month FROM total GROUP BY month HAVING COUNT(*) = 2 ORDER BY month DESC LIMIT 1)

SELECT
    MAX(total) FILTER (WHERE scope_version = '2024' AND total.month = link.month)
    / MAX(total) FILTER (WHERE scope_version = '2024' AND total.month = LAST_DAY(CAST($first AS DATE)))
    * MAX(total) FILTER (WHERE scope_version = '2025' AND total.month = CAST($last AS DATE))
    / MAX(total) FILTER (WHERE scope_version = '2025' AND total.month = link.month) - 1 AS value
FROM total
CROSS JOIN link
