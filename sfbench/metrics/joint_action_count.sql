-- id: joint_action_count
-- measure: 16
-- zh: 协同行动数
-- en: Joint actions
-- period: quarter
-- component: joint_actions | count | not additive | 协同行动数 | Joint actions done
-- component: joint_tasks | count | not additive | 协同任务数 | Distinct joint tasks
-- component: joint_share | % | not additive | 协同行动占比 | Share of all actions done
-- cuts: total
-- direction: up
-- source: metrics.csv: actions with >= 2 bodies. Decided where it is silent: an action is a task done in the quarter,
--   late or early, whenever it was due; joint if two or more bodies take part, the leading one included. joint_tasks
--   counts a task that recurs in the quarter once; the share is of all actions done in it.
-- source_zh: 有两个及以上部门参与的行动数。补充口径：行动为当季完成的任务，不论提前或逾期，不论应完成时间；含牵头部门
--   在内有两个及以上部门参与的为协同。协同任务数对当季重复的任务只计一次；占比以当季完成的全部行动为分母。
-- needs: month(month), work_item(task_id, bodies, done_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
action_count AS (
    SELECT
        period,
        COUNT(task_id) AS actions,
        COUNT(*) FILTER (WHERE bodies >= 2) AS joint_actions,
        COUNT(DISTINCT task_id) FILTER (WHERE bodies >= 2) AS joint_tasks
    FROM quarter
    LEFT JOIN work_item ON DATE_TRUNC('quarter', done_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
figure AS (
    SELECT *, 100.0 * CAST(joint_actions AS DOUBLE) / NULLIF(CAST(actions AS DOUBLE), 0) AS joint_share
    FROM action_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (joint_actions, joint_tasks, joint_share))
