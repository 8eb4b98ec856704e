-- id: tech_firm_span
-- grain: firm of the city x span
-- caption: Days on which a firm of the city exists and holds an in-scope tag; spans of one firm do not overlap.
-- needs: tag_span, enterprise(enterprise_id, in_city, founded_on, dissolved_on)

WITH life AS (
    -- a firm is gone on the day on which it is dissolved
    SELECT enterprise_id, founded_on, CAST(dissolved_on - INTERVAL 1 DAY AS DATE) AS last_alive_on
    FROM enterprise
    WHERE in_city
),
span AS (
    SELECT
        tag_span.enterprise_id,
        GREATEST(first_day, founded_on) AS first_day,
        CASE WHEN last_alive_on < last_day THEN last_alive_on ELSE last_day END AS last_day
    FROM tag_span
    JOIN life ON life.enterprise_id = tag_span.enterprise_id
),
span_with_earlier AS (
    SELECT
        *,
        MAX(last_day) OVER (
            PARTITION BY enterprise_id
            ORDER BY first_day, last_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_to
    FROM span
    WHERE first_day <= last_day
)
SELECT
    enterprise_id,
    CASE WHEN covered_to >= first_day THEN CAST(covered_to + INTERVAL 1 DAY AS DATE) ELSE first_day END AS first_day,
    last_day
FROM span_with_earlier
WHERE covered_to IS NULL OR last_day > covered_to
