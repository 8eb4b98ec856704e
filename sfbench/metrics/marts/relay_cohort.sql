-- id: relay_cohort
-- grain: year end from 2016 to the last month
-- caption: Cohorts of firms by the year in which their financing began; complete once 60 months have passed for all.
-- needs: month(month)

-- Deals of funds begin in 2016; the last year only has to lie beyond any month.
WITH RECURSIVE year_end AS (
    SELECT CAST('2016-12-31' AS DATE) AS cohort
    UNION ALL
    SELECT CAST(cohort + INTERVAL 12 MONTH AS DATE) FROM year_end WHERE YEAR(cohort) < 2100
),
present AS (
    SELECT MAX(month) AS last_month FROM month
)
SELECT cohort, cohort + INTERVAL 60 MONTH <= last_month AS complete
FROM year_end
JOIN present ON cohort <= last_month
