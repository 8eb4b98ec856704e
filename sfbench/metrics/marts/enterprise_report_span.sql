-- id: enterprise_report_span
-- grain: firm x reported year
-- caption: Days on which a year is the latest that a firm has reported, with its size and R&D cycle.
-- needs: enterprise_year(enterprise_id, year, reported_on, size, rd_cycle)

WITH report AS (
    SELECT
        enterprise_id,
        reported_on AS first_day,
        CAST(MIN(reported_on) OVER (
            PARTITION BY enterprise_id ORDER BY year ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ) - INTERVAL 1 DAY AS DATE) AS last_day,
        size,
        rd_cycle
    FROM enterprise_year
)
SELECT * FROM report WHERE last_day IS NULL OR last_day >= first_day
