-- id: insurance_stage_coverage
-- measure: 15
-- zh: 保险环节覆盖
-- en: Cover of the innovation chain
-- period: year
-- component: coverage | % | not additive | 年末有保障的科技型企业占比 | Tech enterprises insured at the year's end
-- component: coverage_during_year | % | not additive | 年内有保障的科技型企业占比 | Insured on any day of the year
-- component: insured | count | additive | 年末有保障的科技型企业数 | Insured firms
-- component: firms | count | additive | 科技型企业数 | Tech enterprises
-- cuts: total, stage
-- direction: up
-- source: metrics.csv: firms insured at R&D / conversion / operation / firms. Decided where it is silent: tech
--   enterprises of the city on the year's last day; insured by a policy in force on that day, or on any day of the
--   year, of all lines and payers. The total takes a policy of any stage; a stage is always over all firms, and a firm
--   may count at several.
-- source_zh: 研发、转化、运营各环节有保险保障的企业占比。补充口径：取年末当日的本市科技型企业；当日（或年内任一日）有
--   有效保单的为有保障，不限险种和付费人。合计取任一环节的保单；各环节均以全部企业为分母，一家企业可计入多个环节。
-- needs: month(month), insurance_policy(enterprise_id, stage, starts_on, ends_on), tech_firm_span

WITH year AS (
    SELECT month AS period, DATE_TRUNC('year', month) AS first_day FROM month WHERE MONTH(month) = 12
),
policy AS (
    SELECT enterprise_id, stage, starts_on, ends_on FROM insurance_policy
),
firm AS (
    SELECT period, enterprise_id FROM year JOIN tech_firm_span ON period BETWEEN tech_firm_span.first_day AND last_day
),
firm_count AS (
    SELECT period, COUNT(enterprise_id) AS firms FROM year LEFT JOIN firm USING (period) GROUP BY period
),
insured_firm AS (
    SELECT period, enterprise_id, stage, BOOL_OR(ends_on >= period) AS at_end
    FROM year
    JOIN policy ON starts_on <= period AND ends_on >= first_day
    JOIN firm USING (period, enterprise_id)
    GROUP BY period, enterprise_id, stage
),
-- a firm once in every cut, also with policies at several stages
cut_firm AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, BOOL_OR(at_end) AS at_end
    FROM insured_firm
    GROUP BY period, enterprise_id
    UNION ALL
    SELECT period, 'stage', stage, at_end
    FROM insured_firm
),
insured_count AS (
    SELECT period, cut, cut_value, COUNT(*) AS insured_in_year, COUNT(*) FILTER (WHERE at_end) AS insured
    FROM cut_firm
    GROUP BY period, cut, cut_value
),
cut AS (
    SELECT 'total' AS cut, 'total' AS cut_value
    UNION ALL
    SELECT DISTINCT 'stage', stage FROM policy
),
counts AS (
    SELECT
        period,
        cut,
        cut_value,
        firms,
        COALESCE(insured_in_year, 0) AS insured_in_year,
        COALESCE(insured, 0) AS insured
    FROM firm_count
    CROSS JOIN cut
    LEFT JOIN insured_count USING (period, cut, cut_value)
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(insured AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS coverage,
        100.0 * CAST(insured_in_year AS DOUBLE) / NULLIF(CAST(firms AS DOUBLE), 0) AS coverage_during_year,
        CAST(insured AS DOUBLE) AS insured,
        CASE WHEN cut = 'total' THEN CAST(firms AS DOUBLE) END AS firms
    FROM counts
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
UNPIVOT INCLUDE NULLS (value FOR component IN (coverage, coverage_during_year, insured, firms))
WHERE cut = 'total' OR value IS NOT NULL
