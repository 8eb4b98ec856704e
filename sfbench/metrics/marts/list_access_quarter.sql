-- id: list_access_quarter
-- grain: quarter end x day of the list (the quarter end, and a year before) x district x size, with tag 'any', and x
--   in-scope tag alone; a firm stands under each of its tags
-- caption: Tech enterprises of the city on the day of the list, and those that have a loan at the quarter end.
-- needs: month(month), tech_firm_span, tag_span, enterprise_report_span, enterprise(enterprise_id, district_id),
--   tech_borrower_month(month)
-- incremental: quarter
-- period: quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
list_day AS (
    SELECT quarter AS list_on, LAST_DAY(quarter + INTERVAL 12 MONTH) AS year_later FROM quarter
    UNION
    SELECT LAST_DAY(quarter - INTERVAL 12 MONTH), quarter FROM quarter
),
borrower AS (
    SELECT DISTINCT month AS quarter, enterprise_id
    FROM tech_borrower_month
    WHERE balance_rmb > 0 AND month IN (SELECT quarter FROM quarter)
),
listed AS (
    SELECT
        list_on,
        tech_firm_span.enterprise_id,
        borrower.quarter IS NOT NULL AS borrows,
        later_borrower.quarter IS NOT NULL AS borrows_later
    FROM list_day
    JOIN tech_firm_span ON list_on BETWEEN first_day AND last_day
    LEFT JOIN borrower ON borrower.quarter = list_on AND borrower.enterprise_id = tech_firm_span.enterprise_id
    LEFT JOIN borrower AS later_borrower
        ON later_borrower.quarter = year_later
        AND later_borrower.enterprise_id = tech_firm_span.enterprise_id
),
list AS (
    SELECT
        list_on,
        'any' AS tag,
        district_id AS district,
        COALESCE(size, 'unknown') AS size,
        COUNT(*) AS listed,
        COUNT(*) FILTER (WHERE borrows) AS borrowers,
        COUNT(*) FILTER (WHERE borrows_later) AS later_borrowers
    FROM listed
    JOIN enterprise ON enterprise.enterprise_id = listed.enterprise_id
    LEFT JOIN enterprise_report_span AS report
        ON report.enterprise_id = listed.enterprise_id
        AND report.first_day <= list_on
        AND (report.last_day IS NULL OR report.last_day >= list_on)
    GROUP BY list_on, district_id, COALESCE(size, 'unknown')
    UNION ALL
    SELECT
        list_on,
        tag,
        NULL,
        NULL,
        COUNT(*),
        COUNT(*) FILTER (WHERE borrows),
        COUNT(*) FILTER (WHERE borrows_later)
    FROM listed
    JOIN tag_span ON tag_span.enterprise_id = listed.enterprise_id AND list_on BETWEEN first_day AND last_day
    GROUP BY list_on, tag
)
SELECT quarter, list_on, tag, district, size, listed, borrowers
FROM quarter
JOIN list ON list_on = quarter
UNION ALL
SELECT quarter, list_on, tag, district, size, listed, later_borrowers
FROM quarter
JOIN list ON list_on = LAST_DAY(quarter - INTERVAL 12 MONTH)
