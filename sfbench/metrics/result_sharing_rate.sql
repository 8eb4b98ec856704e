-- id: result_sharing_rate
-- measure: 17
-- zh: 结果共享互认率
-- en: Shared results
-- period: year
-- component: sharing_rate | % | not additive | 共享互认率 | Shared with two or more authorities
-- component: assessed | count | not additive | 已发布结果机构数 | Institutions with a result
-- component: shared | count | not additive | 结果共享机构数 | Institutions whose result is shared
-- component: authorities_mean | count | not additive | 平均共享部门数 | Mean number of authorities
-- cuts: total
-- direction: up
-- source: metrics.csv: institutions whose result is shared with >= 2 authorities / assessed. Decided where it is
--   silent: assessment results by the year of their release, because a result cannot be shared before it is out; of
--   several results of a bank in the year the last counts. Shared: with two or more authorities; nobody named is none.
-- source_zh: 结果与两个及以上部门共享的机构占参评机构的比例。补充口径：按评估结果发布年份计，因发布前无从共享；同一银
--   行当年有多个结果的取最后一个。共享指与两个及以上部门共享，未列部门的为未共享。
-- needs: month(month), data_release(release_id, kind, institution_id, released_on, shared_with)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
result AS (
    SELECT YEAR(released_on) AS released_year, COALESCE(shared_with, 0) AS authorities
    FROM data_release
    WHERE kind = 'assessment' AND released_on IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (
        PARTITION BY YEAR(released_on), institution_id ORDER BY released_on DESC, release_id DESC
    ) = 1
),
result_count AS (
    SELECT
        period,
        COUNT(authorities) AS assessed,
        COUNT(*) FILTER (WHERE authorities >= 2) AS shared,
        SUM(authorities) AS authorities
    FROM year
    LEFT JOIN result ON released_year = YEAR(period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(shared AS DOUBLE) / NULLIF(CAST(assessed AS DOUBLE), 0) AS sharing_rate,
        assessed,
        shared,
        CAST(authorities AS DOUBLE) / NULLIF(CAST(assessed AS DOUBLE), 0) AS authorities_mean
    FROM result_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (sharing_rate, assessed, shared, authorities_mean))
