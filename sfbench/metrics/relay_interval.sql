-- id: relay_interval
-- measure: 4
-- zh: 接力间隔
-- en: Time between relay stages
-- period: year
-- component: median | month | not additive | 相邻阶段间隔中位数 | Median interval
-- component: p90 | month | not additive | 相邻阶段间隔90分位数 | 90th percentile of the interval
-- component: intervals | count | additive | 间隔个数 | Intervals
-- cuts: total, stage_pair
-- direction: down
-- source: metrics.csv: median months between consecutive stages. Decided where it is silent: firms, stages and cohorts
--   of relay_rate; the stages that a firm reached within 60 months of its first, in order of their first days. All
--   intervals of the cohort's firms together, 0 on one day; quantiles of days by linear interpolation, in months of
--   365.25 / 12 days. Young cohorts show short intervals, because longer ones are not over yet.
-- source_zh: 相邻阶段间隔月数的中位数。补充口径：企业、阶段和队列同接力融资率；取企业自首个阶段起60个月内到达的阶段，
--   按各自首日排序。合并队列内企业的全部间隔，同日为0；分位数按天数线性插值，再以一月365.25/12天折算。较新队列间隔偏
--   短，因较长的间隔尚未结束。
-- needs: relay_cohort, relay_stage
-- open: stages of later years belong to the cohort

WITH step AS (
    SELECT
        LAST_DAY(DATE_TRUNC('year', began_on) + INTERVAL 11 MONTH) AS cohort,
        LAG(stage) OVER firm || '-' || stage AS stage_pair,
        reached_on - LAG(reached_on) OVER firm AS days
    FROM relay_stage
    WHERE reached_on <= began_on + INTERVAL 60 MONTH
    WINDOW firm AS (PARTITION BY enterprise_id ORDER BY place)
),
stage_interval AS (
    SELECT * FROM step WHERE days IS NOT NULL
),
figure AS (
    SELECT
        cohort,
        CASE WHEN GROUPING(stage_pair) = 0 THEN 'stage_pair' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(stage_pair) = 0 THEN stage_pair ELSE 'total' END AS cut_value,
        MEDIAN(days) * 12 / NULLIF(365.25, 0) AS median,
        QUANTILE_CONT(days, 0.9) * 12 / NULLIF(365.25, 0) AS p90,
        COUNT(days) AS intervals
    FROM relay_cohort
    LEFT JOIN stage_interval USING (cohort)
    GROUP BY GROUPING SETS ((cohort), (cohort, stage_pair))
    HAVING cut_value IS NOT NULL
)
SELECT
    cohort AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (median, p90, intervals))
