-- id: list_access_quarter
-- grain: quarter end x day of the list (the quarter end, and a year before) x tag x district x size; a firm stands
--   under each of its in-scope tags, and once under 'any'
-- caption: Tech enterprises of the city on the day of the list, and those that have a loan at the quarter end.
-- needs: month(month), tech_firm_span, tag_span, enterprise_report_span, enterprise(enterprise_id, district_id),
--   tech_borrower_month(month)
-- incremental: quarter
-- period: quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
list_day AS (
    SELECT quarter, quarter AS list_on FROM quarter
    UNION ALL
    SELECT quarter, LAST_DAY(quarter - INTERVAL 12 MONTH) FROM quarter
),
listed AS (
    SELECT list_on, tech_firm_span.enterprise_id, district_id AS district, COALESCE(size, 'unknown') AS size
    FROM (SELECT DISTINCT list_on FROM list_day) AS day
    JOIN tech_firm_span ON list_on BETWEEN tech_firm_span.first_day AND tech_firm_span.last_day
    JOIN enterprise ON enterprise.enterprise_id = tech_firm_span.enterprise_id
    LEFT JOIN enterprise_report_span AS report
        ON report.enterprise_id = tech_firm_span.enterprise_id
        AND report.first_day <= list_on
        AND (report.last_day IS NULL OR report.last_day >= list_on)
),
listed_by_tag AS (
    SELECT list_on, enterprise_id, district, size, 'any' AS tag FROM listed
    UNION ALL
    SELECT list_on, listed.enterprise_id, district, size, tag
    FROM listed
    JOIN tag_span ON tag_span.enterprise_id = listed.enterprise_id AND list_on BETWEEN first_day AND last_day
),
borrower AS (
    SELECT DISTINCT month AS quarter, enterprise_id
    FROM tech_borrower_month
    WHERE balance_rmb > 0 AND month IN (SELECT quarter FROM quarter)
)
SELECT
    list_day.quarter,
    list_day.list_on,
    tag,
    district,
    size,
    COUNT(*) AS listed,
    COUNT(borrower.enterprise_id) AS borrowers
FROM list_day
JOIN listed_by_tag ON listed_by_tag.list_on = list_day.list_on
LEFT JOIN borrower
    ON borrower.quarter = list_day.quarter AND borrower.enterprise_id = listed_by_tag.enterprise_id
GROUP BY ALL
