-- id: listing_conversion
-- measure: 6
-- zh: 上市培育转化率
-- en: Conversion of the listing pipeline
-- period: year
-- component: listed_share | % | not additive | 36个月内上市比例 | Listed within 36 months
-- component: entered | count | additive | 入库企业数 | Firms that entered
-- cuts: total, board
-- direction: up
-- source: metrics.csv: firms listed within 36 months of entering the pipeline / entered. Decided where it is silent: a
--   firm of the city enters once, with its first step among coached, filed and accepted (overseas listings have no
--   coaching); the cohort is the calendar year of that day, the board that of that step. Listed on any board within 36
--   months of it counts; withdrawn firms stay in the denominator; a cohort is reported once its 36 months have passed,
--   and as long as none of the calendar's has, a row without a period says so.
-- source_zh: 入库后36个月内上市的企业数占入库企业数的比例。补充口径：本市企业只入库一次，以辅导、申报、受理中最早的环
--   节为准（境外上市无辅导）；队列为该日所在年份，板块为该环节所属板块。36个月内在任一板块上市即计入；撤回的企业保留
--   在分母中。队列满36个月后公布；数据期内尚无满期队列的，以无期间的一行说明。
-- needs: month(month), listing_step

WITH cohort_year AS (
    SELECT month AS period
    FROM month
    WHERE MONTH(month) = 12 AND LAST_DAY(month + INTERVAL 36 MONTH) <= (SELECT MAX(month) FROM month)
),
entry AS (
    SELECT enterprise_id, step_on AS entered_on, board
    FROM listing_step
    WHERE step IN ('coached', 'filed', 'accepted')
    QUALIFY ROW_NUMBER() OVER (PARTITION BY enterprise_id ORDER BY place) = 1
),
listed_firm AS (
    SELECT DISTINCT enterprise_id
    FROM entry
    JOIN listing_step USING (enterprise_id)
    WHERE step = 'listed' AND step_on BETWEEN entered_on AND entered_on + INTERVAL 36 MONTH
),
entered_firm AS (
    SELECT period, entry.board, entry.enterprise_id, listed_firm.enterprise_id AS listed_id
    FROM cohort_year
    JOIN entry ON YEAR(entered_on) = YEAR(period)
    LEFT JOIN listed_firm USING (enterprise_id)
),
firms AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, COUNT(enterprise_id) AS entered, COUNT(listed_id) AS listed
    FROM cohort_year
    LEFT JOIN entered_firm USING (period)
    GROUP BY period
    UNION ALL
    SELECT period, 'board', board, COUNT(*), COUNT(listed_id)
    FROM entered_firm
    GROUP BY period, board
),
figure AS (
    SELECT *, 100.0 * CAST(listed AS DOUBLE) / NULLIF(CAST(entered AS DOUBLE), 0) AS listed_share FROM firms
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
UNPIVOT INCLUDE NULLS (value FOR component IN (listed_share, entered))
UNION ALL
SELECT NULL, 'total', 'total', 'listed_share', NULL, NULL, 'no cohort followed to its end'
WHERE NOT EXISTS (SELECT period FROM cohort_year)
