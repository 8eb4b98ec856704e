-- zh: 公布数同比
-- en: Growth of the published series
-- task: indicator
-- question: like_for_like_growth
-- source: what a report that divides two published figures says
-- source_zh: 以两个公布数相除的报告
-- naive: yes

WITH published AS (
    SELECT month, CAST(SUM(tech_loans - tech_loans_other) AS DOUBLE) AS total
    FROM bank_month
    WHERE current AND reporting_scope = 'PBOC'
    GROUP BY month
)

SELECT
    MAX(total) FILTER (WHERE month = CAST($last AS DATE))
    / MAX(total) FILTER (WHERE month = LAST_DAY(CAST($first AS DATE))) - 1 AS value
FROM published
