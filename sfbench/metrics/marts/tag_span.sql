-- id: tag_span
-- grain: borrower x in-scope tag x span
-- caption: Days on which a firm holds an in-scope tag that is valid and published; spans of one tag do not overlap.
-- needs: enterprise_tag(enterprise_id, tag, in_scope, valid_from, valid_to, published_on)

WITH span AS (
    SELECT enterprise_id, tag, GREATEST(valid_from, published_on) AS first_day, valid_to AS last_day
    FROM enterprise_tag
    WHERE in_scope
),
span_with_earlier AS (
    SELECT
        *,
        MAX(last_day) OVER (
            PARTITION BY enterprise_id, tag
            ORDER BY first_day, last_day
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS covered_to
    FROM span
    WHERE first_day <= last_day
)
SELECT
    enterprise_id,
    tag,
    CASE WHEN covered_to >= first_day THEN CAST(covered_to + INTERVAL 1 DAY AS DATE) ELSE first_day END AS first_day,
    last_day
FROM span_with_earlier
WHERE covered_to IS NULL OR last_day > covered_to
