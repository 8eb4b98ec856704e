-- id: credit_report_coverage
-- measure: 11
-- zh: 征信覆盖率
-- en: Coverage of credit profiles
-- period: quarter
-- component: coverage | % | not additive | 征信覆盖率 | Coverage
-- component: coverage_12m | % | not additive | 近十二个月征信覆盖率 | Coverage by profiles of the last 12 months
-- component: coverage_tech | % | not additive | 科技型企业征信覆盖率 | Coverage of tech enterprises
-- component: profiled | count | additive | 有画像企业数 | Firms with a profile
-- cuts: total, age_band
-- direction: up
-- source: metrics.csv: firms with a credit profile / firms. Decided where it is silent: firms of the city that exist at
--   the quarter end, tagged or not; a profile is a query of any purpose with three sources or more by then, or in the
--   twelve months up to then; the age counts calendar months from the founding. Queries from before the data are not
--   seen: coverage rises while they fill up, and in the first year the twelve months are not full.
-- source_zh: 有信用画像的企业占全部企业的比例。补充口径：取季末存续的本市企业，不论有无标签；画像指截至季末、或近12个
--   月内，来源不少于3个的查询，不限用途；企业年龄自成立起按自然月计。数据期以前的查询不在其中：初期覆盖率随数据累积而
--   上升，首年不满12个月。
-- needs: month(month), firm_profile_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
firm_age AS (
    SELECT *, (YEAR(quarter) * 12 + MONTH(quarter)) - (YEAR(founded_month) * 12 + MONTH(founded_month)) AS age_months
    FROM firm_profile_quarter
),
firm_band AS (
    SELECT
        *,
        CASE
            WHEN age_months < 36 THEN 'under_3y'
            WHEN age_months < 60 THEN '3_to_5y'
            WHEN age_months < 120 THEN '5_to_10y'
            ELSE '10y_and_over'
        END AS age_band
    FROM firm_age
),
band_sum AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(age_band) = 1 THEN 'total' ELSE 'age_band' END AS cut,
        CASE WHEN GROUPING(age_band) = 1 THEN 'total' ELSE age_band END AS cut_value,
        CAST(SUM(firms) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(profiled), 0) AS DOUBLE) AS profiled,
        CAST(SUM(recently_profiled) AS DOUBLE) AS recently_profiled,
        CAST(SUM(tech_firms) AS DOUBLE) AS tech_firms,
        CAST(SUM(tech_profiled) AS DOUBLE) AS tech_profiled
    FROM quarter
    LEFT JOIN firm_band USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, age_band))
    HAVING GROUPING(age_band) = 1 OR age_band IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * profiled / NULLIF(firms, 0) AS coverage,
        100.0 * recently_profiled / NULLIF(firms, 0) AS coverage_12m,
        100.0 * tech_profiled / NULLIF(tech_firms, 0) AS coverage_tech,
        profiled
    FROM band_sum
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
UNPIVOT INCLUDE NULLS (value FOR component IN (coverage, coverage_12m, coverage_tech, profiled))
