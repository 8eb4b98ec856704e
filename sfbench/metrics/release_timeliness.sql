-- id: release_timeliness
-- measure: 17
-- zh: 数据发布及时率
-- en: On-time data releases
-- period: quarter
-- component: on_time_rate | % | not additive | 数据与通报按时率 | Publications and bulletins on time
-- component: on_time_rate_all | % | not additive | 全部事项按时率 | All scheduled releases on time
-- component: releases_due | count | not additive | 应发布数 | Publications and bulletins due
-- component: releases_late | count | not additive | 逾期或未发布数 | Late or not released
-- component: revisions | count | not additive | 修订数 | Revisions
-- cuts: total
-- direction: up
-- target: >=100
-- source: metrics.csv: releases on or before schedule / scheduled; revisions. Decided where it is silent: releases due
--   in the quarter, on time if released by the day due; one that never came is late. Publications and bulletins alone,
--   because the assessment results, one row a bank, would outweigh the rest; on_time_rate_all takes every kind.
--   Revisions are of publications and bulletins, in the quarter of the revision, whenever they were due.
-- source_zh: 按时或提前发布的次数占应发布次数的比例；修订次数。补充口径：取应在当季发布的事项，不晚于应发布日的为按时，
--   未发布的为逾期。主口径只取数据发布和通报，因评估结果按银行逐条记录，数量远超其他事项；全部事项口径含各类。修订取
--   数据发布和通报，计入修订所在季度，不论应发布时间。
-- needs: month(month), data_release(release_id, kind, due_on, released_on, revised_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
due_count AS (
    SELECT
        period,
        COUNT(release_id) AS all_due,
        COUNT(*) FILTER (WHERE released_on <= due_on) AS all_on_time,
        COUNT(*) FILTER (WHERE kind IN ('publication', 'bulletin')) AS releases_due,
        COUNT(*) FILTER (WHERE kind IN ('publication', 'bulletin') AND released_on <= due_on) AS on_time
    FROM quarter
    LEFT JOIN data_release ON DATE_TRUNC('quarter', due_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
revision_count AS (
    SELECT period, COUNT(*) FILTER (WHERE kind IN ('publication', 'bulletin')) AS revisions
    FROM quarter
    LEFT JOIN data_release ON DATE_TRUNC('quarter', revised_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(on_time AS DOUBLE) / NULLIF(CAST(releases_due AS DOUBLE), 0) AS on_time_rate,
        100.0 * CAST(all_on_time AS DOUBLE) / NULLIF(CAST(all_due AS DOUBLE), 0) AS on_time_rate_all,
        releases_due,
        releases_due - on_time AS releases_late,
        revisions
    FROM due_count
    JOIN revision_count USING (period)
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (on_time_rate, on_time_rate_all, releases_due, releases_late, revisions)
)
