-- id: relending_firm_quarter
-- grain: quarter end x tag x district x size; a firm stands under each of its in-scope tags, and once under 'any'
-- caption: Firms of the city that are eligible for sci-tech relending, and those with loans that it backs.
-- needs: month(month), project(enterprise_id, kind, approved_on, completed_on), enterprise(enterprise_id, in_city,
--   dissolved_on, district_id), tag_span, enterprise_report_span, relending_note, relending_note_month
-- optional: district_id from enterprise(district_id)
-- incremental: quarter
-- period: quarter

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
    SELECT quarter, enterprise_id FROM tag_holder
    UNION
    SELECT quarter, enterprise_id FROM renewer
),
supported AS (
    SELECT DISTINCT month AS quarter, enterprise_id FROM relending_note_month WHERE balance_rmb > 0
),
first_entry AS (
    SELECT enterprise_id, MIN(entered_on) AS entered_on FROM relending_note GROUP BY enterprise_id
),
eligible_firm AS (
    SELECT
        candidate.quarter,
        candidate.enterprise_id,
        district_id,
        size,
        supported.quarter IS NOT NULL AS supported,
        COALESCE(entered_on <= candidate.quarter, FALSE) AS ever_supported
    FROM candidate
    JOIN enterprise ON enterprise.enterprise_id = candidate.enterprise_id
    LEFT JOIN enterprise_report_span AS report
        ON report.enterprise_id = candidate.enterprise_id
        AND first_day <= candidate.quarter
        AND (last_day IS NULL OR last_day >= candidate.quarter)
    LEFT JOIN supported
        ON supported.quarter = candidate.quarter AND supported.enterprise_id = candidate.enterprise_id
    LEFT JOIN first_entry ON first_entry.enterprise_id = candidate.enterprise_id
    WHERE in_city AND (dissolved_on IS NULL OR dissolved_on > candidate.quarter)
),
tagged_firm AS (
    SELECT 'any' AS tag, * FROM eligible_firm
    UNION ALL
    SELECT tag, eligible_firm.*
    FROM tag_holder
    JOIN eligible_firm
        ON eligible_firm.quarter = tag_holder.quarter AND eligible_firm.enterprise_id = tag_holder.enterprise_id
)
SELECT
    quarter,
    tag,
    district_id,
    size,
    COUNT(*) AS eligible,
    COUNT(*) FILTER (WHERE supported) AS supported,
    COUNT(*) FILTER (WHERE ever_supported) AS ever_supported
FROM tagged_firm
GROUP BY quarter, tag, district_id, size
