-- id: info_exchange_count
-- measure: 18
-- zh: 信息交换次数
-- en: Information exchanges
-- period: quarter
-- component: exchanges | count | not additive | 信息交换次数 | Exchanges held
-- component: problems_raised | count | not additive | 提出问题数 | Problems raised
-- component: problems_solved | count | not additive | 60天内解决问题数 | Problems solved within 60 days
-- component: solved_rate | % | not additive | 60天内解决率 | Share solved within 60 days
-- cuts: total
-- direction: up
-- source: metrics.csv: exchanges held; problems raised; solved within 60 days. Decided where it is silent: exchanges
--   held in the quarter, whenever they were due. Problems solved and the rate take only exchanges that have been
--   followed up after 60 days, so that one whose days are not over does not lower it; what is followed up later counts
--   for the quarter of the exchange. Meetings are the same at every scale: not additive.
-- source_zh: 信息交换次数、提出问题数、60天内解决问题数。补充口径：取当季举行的交换，不论原定时间。解决问题数和解决率
--   只取已作满60天跟踪的交换，未满期的不拉低比率；其后跟踪的结果计入交换所在季度。会议次数不随规模变动，不可加总。
-- needs: month(month), data_release(release_id, kind, released_on, problems_raised, followed_up_on, problems_solved)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
exchange AS (
    SELECT * FROM data_release WHERE kind = 'exchange'
),
exchange_count AS (
    SELECT
        period,
        COUNT(release_id) AS exchanges,
        COALESCE(SUM(problems_raised), 0) AS problems_raised,
        COALESCE(SUM(problems_solved) FILTER (WHERE followed_up_on IS NOT NULL), 0) AS problems_solved,
        SUM(problems_raised) FILTER (WHERE followed_up_on IS NOT NULL) AS problems_followed
    FROM quarter
    LEFT JOIN exchange ON DATE_TRUNC('quarter', released_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
figure AS (
    SELECT
        *,
        100.0 * CAST(problems_solved AS DOUBLE) / NULLIF(CAST(problems_followed AS DOUBLE), 0) AS solved_rate
    FROM exchange_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (exchanges, problems_raised, problems_solved, solved_rate))
