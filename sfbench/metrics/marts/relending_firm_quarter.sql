-- id: relending_firm_quarter
-- grain: quarter end x tag x district x size; a firm stands under each of its in-scope tags, and once under 'any'
-- caption: Firms of the city that are eligible for sci-tech relending, and those with loans that it backs.
-- needs: month(month), project(enterprise_id, kind, approved_on, completed_on), enterprise(enterprise_id, in_city,
--   dissolved_on, district_id), tag_span, enterprise_report_span, relending_note, relending_note_month

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
tag_holder AS (
    SELECT quarter, enterprise_id, tag FROM quarter JOIN tag_span ON quarter BETWEEN first_day AND last_day
),
renewer AS (
    SELECT quarter, enterprise_id
    FROM quarter
    JOIN project ON approved_on <= quarter AND (completed_on IS NULL OR completed_on > quarter)
    WHERE kind = 'equipment_renewal'
),
candidate AS (
    SELECT quarter, enterprise_id, tag FROM tag_holder
    UNION ALL
    SELECT quarter, enterprise_id, 'any' FROM tag_holder
    UNION ALL
    SELECT quarter, enterprise_id, 'any' FROM renewer
),
eligible AS (
    SELECT DISTINCT quarter, candidate.enterprise_id, tag, district_id
    FROM candidate
    JOIN enterprise ON enterprise.enterprise_id = candidate.enterprise_id
    WHERE in_city AND (dissolved_on IS NULL OR dissolved_on > quarter)
),
supported AS (
    SELECT DISTINCT month AS quarter, enterprise_id FROM relending_note_month WHERE balance_rmb > 0
),
first_entry AS (
    SELECT enterprise_id, MIN(entered_on) AS entered_on FROM relending_note GROUP BY enterprise_id
)
SELECT
    eligible.quarter,
    tag,
    district_id,
    size,
    COUNT(*) AS eligible,
    COUNT(supported.quarter) AS supported,
    COUNT(*) FILTER (WHERE entered_on <= eligible.quarter) AS ever_supported
FROM eligible
LEFT JOIN enterprise_report_span AS report
    ON report.enterprise_id = eligible.enterprise_id
    AND first_day <= eligible.quarter
    AND (last_day IS NULL OR last_day >= eligible.quarter)
LEFT JOIN supported ON supported.quarter = eligible.quarter AND supported.enterprise_id = eligible.enterprise_id
LEFT JOIN first_entry ON first_entry.enterprise_id = eligible.enterprise_id
GROUP BY eligible.quarter, tag, district_id, size
