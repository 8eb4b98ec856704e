-- id: practice_replication
-- measure: 18
-- zh: 经验复制数
-- en: Practices replicated
-- period: year
-- component: published | count | not additive | 发布经验数 | Practices published
-- component: adopted | count | not additive | 当年被复制数 | Adopted elsewhere in the year
-- component: adoption_rate | % | not additive | 累计复制率 | Adopted over published since the start
-- cuts: total
-- direction: up
-- source: metrics.csv: practices published; adopted elsewhere. Decided where it is silent: practices by the year of
--   publication, and of the first adoption elsewhere, whenever they were published and whoever adopted them.
--   adoption_rate is a stock at the year's end, over all years of the table.
-- source_zh: 发布的经验数和被复制数。补充口径：经验按发布年份计，被复制按首次被他处采用的年份计，不论何时发布、何方采
--   用。累计复制率为年末存量，取表内全部年份。
-- needs: month(month), practice(published_on, adopted_on)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
practice_count AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE YEAR(published_on) = YEAR(period)) AS published,
        COUNT(*) FILTER (WHERE YEAR(adopted_on) = YEAR(period)) AS adopted,
        COUNT(*) FILTER (WHERE published_on <= period) AS published_to_date,
        COUNT(*) FILTER (WHERE adopted_on <= period) AS adopted_to_date
    FROM year
    LEFT JOIN practice ON published_on <= period OR adopted_on <= period
    GROUP BY period
),
figure AS (
    SELECT
        *,
        100.0 * CAST(adopted_to_date AS DOUBLE) / NULLIF(CAST(published_to_date AS DOUBLE), 0) AS adoption_rate
    FROM practice_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (published, adopted, adoption_rate))
