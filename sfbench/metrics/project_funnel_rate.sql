-- id: project_funnel_rate
-- measure: 1
-- zh: 项目储备申报转化率
-- en: Conversion of the project funnel
-- period: quarter
-- component: rate | % | not additive | 推送率 | Pushed of reserved
-- component: screened_rate | % | not additive | 筛选通过率 | Screened of reserved
-- component: declared_rate | % | not additive | 申报率 | Declared of reserved
-- component: recommended_rate | % | not additive | 推荐率 | Recommended of reserved
-- component: reserved | count | additive | 储备数 | Entries reserved
-- cuts: total, batch, step
-- direction: up
-- source: metrics.csv: entries reaching each step / entries reserved in the same batch. Decided where it is silent:
--   entries, not subjects, of the relending list, firms and projects, because the measure speaks of the reserve for
--   the policy funds; each rate is entries that had reached the step / entries reserved, over all batches so far or
--   over the batch. Removed entries stay below the line and keep their steps. Under the cut step stands the rate of
--   each step.
-- source_zh: 同一批次内到达各环节的条目数占储备条目数的比例。补充口径：举措针对的是政策资金项目储备，故以再贷款备选清
--   单的条目（企业和项目）计，不以主体计；各比例为已到达该环节的条目除以储备条目，分累计全部批次和当批两种。移出清单
--   的条目保留在分母中，已到达的环节不变。按环节分组时列出各环节比例。
-- needs: month(month), policy_list_entry

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
entry AS (
    SELECT * FROM policy_list_entry WHERE list = 'relending'
),
level AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(batch) = 1 THEN 'total' ELSE 'batch' END AS cut,
        CASE WHEN GROUPING(batch) = 1 THEN 'total' ELSE CAST(batch AS VARCHAR) END AS cut_value,
        COUNT(entry_id) AS reserved,
        COUNT(*) FILTER (WHERE screened_on <= quarter) AS screened,
        COUNT(*) FILTER (WHERE declared_on <= quarter) AS declared,
        COUNT(*) FILTER (WHERE recommended_on <= quarter) AS recommended,
        COUNT(*) FILTER (WHERE pushed_on <= quarter) AS pushed
    FROM quarter
    LEFT JOIN entry ON reserved_on <= quarter
    GROUP BY GROUPING SETS ((quarter), (quarter, batch))
    -- the quarters before the first reservation have no batch
    HAVING GROUPING(batch) = 1 OR batch IS NOT NULL
),
step AS (
    SELECT quarter, cut, cut_value, 'screened' AS step, screened AS reached, reserved FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'declared', declared, reserved FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'recommended', recommended, reserved FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'pushed', pushed, reserved FROM level
),
step_rate AS (
    SELECT *, 100.0 * CAST(reached AS DOUBLE) / NULLIF(CAST(reserved AS DOUBLE), 0) AS rate FROM step
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        CASE WHEN step = 'pushed' THEN 'rate' ELSE step || '_rate' END AS component,
        rate AS value
    FROM step_rate
    UNION ALL
    SELECT quarter, 'step', step, 'rate', rate FROM step_rate WHERE cut = 'total'
    UNION ALL
    SELECT quarter, cut, cut_value, 'reserved', reserved FROM level
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
