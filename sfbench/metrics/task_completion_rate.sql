-- id: task_completion_rate
-- measure: 16
-- zh: 任务完成率
-- en: Task completion
-- period: quarter
-- component: on_time_rate | % | not additive | 按时完成率 | Done on time
-- component: done_rate | % | not additive | 期末完成率 | Done by the end of the quarter
-- component: tasks_due | count | not additive | 到期任务数 | Tasks due
-- component: tasks_on_time | count | not additive | 按时完成任务数 | Tasks done on time
-- component: overdue_open | count | not additive | 期末逾期未完成任务数 | Overdue and open at the end of the quarter
-- cuts: total, measure, body
-- direction: up
-- target: >=100
-- source: metrics.csv: tasks done on time / due; by responsible body and measure. Decided where it is silent: a row is
--   a task in a period; tasks due are those with due_on in the quarter, done on time by that day, both rates over the
--   tasks due. overdue_open is a stock: tasks of any quarter due by its last day and not done by then; what was done
--   later was open then. body is the leading body, so each task stands once; a measure or body has rows where a task is
--   due or overdue.
-- source_zh: 按时完成的任务占到期任务的比例，按责任部门和举措列示。补充口径：一行为一个期间的任务；到期任务指到期日在
--   当季，按时指不晚于到期日，两项比例均以到期任务为分母。逾期未完成为存量，即各季度截至期末到期而未完成的任务，其后
--   完成的当时仍计为未完成。部门为牵头部门，故每项任务只计一次；举措或部门有到期或逾期任务时方列出。
-- needs: month(month), work_item(measure, lead_body, due_on, done_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
task AS (
    SELECT
        period,
        measure,
        lead_body,
        DATE_TRUNC('quarter', due_on) = DATE_TRUNC('quarter', period) AS due,
        COALESCE(done_on <= due_on, FALSE) AS on_time,
        COALESCE(done_on <= period, FALSE) AS done
    FROM quarter
    JOIN work_item ON due_on <= period
),
followed_task AS (
    SELECT * FROM task WHERE due OR NOT done
),
cut_task AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, due, on_time, done
    FROM quarter
    LEFT JOIN followed_task USING (period)
    UNION ALL
    SELECT period, 'measure', CAST(measure AS VARCHAR), due, on_time, done
    FROM followed_task
    UNION ALL
    SELECT period, 'body', lead_body, due, on_time, done
    FROM followed_task
),
task_count AS (
    SELECT
        period,
        cut,
        cut_value,
        COUNT(*) FILTER (WHERE due) AS tasks_due,
        COUNT(*) FILTER (WHERE due AND on_time) AS tasks_on_time,
        COUNT(*) FILTER (WHERE due AND done) AS tasks_done,
        COUNT(*) FILTER (WHERE NOT done) AS overdue_open
    FROM cut_task
    GROUP BY period, cut, cut_value
),
figure AS (
    SELECT
        *,
        100.0 * CAST(tasks_on_time AS DOUBLE) / NULLIF(CAST(tasks_due AS DOUBLE), 0) AS on_time_rate,
        100.0 * CAST(tasks_done AS DOUBLE) / NULLIF(CAST(tasks_due AS DOUBLE), 0) AS done_rate
    FROM task_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (on_time_rate, done_rate, tasks_due, tasks_on_time, overdue_open))
WHERE cut = 'total' OR value IS NOT NULL
