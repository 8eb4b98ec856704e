-- id: policy_list_step
-- grain: entry of a list for banks x bank
-- caption: First days on which requests begun while an entry is listed reach a step, and of any approval in that time.
-- needs: policy_list_entry, credit_application(enterprise_id, institution_id, contacted_on, applied_on,
--   due_diligence_on, decided_on, decision, drawn_on)

WITH request AS (
    SELECT
        enterprise_id,
        institution_id,
        -- who applies unasked has made the contact
        COALESCE(contacted_on, applied_on) AS begun_on,
        due_diligence_on,
        CASE WHEN decision = 'approved' THEN decided_on END AS approved_on,
        drawn_on
    FROM credit_application
),
-- A project is reached through its enterprise: no table ties a request to a project.
entry_request AS (
    SELECT
        entry_id,
        request.*,
        COALESCE(begun_on >= pushed_on AND (removed_on IS NULL OR begun_on < removed_on), FALSE) AS begun_listed,
        COALESCE(approved_on >= pushed_on AND (removed_on IS NULL OR approved_on < removed_on), FALSE)
            AS approved_listed
    FROM policy_list_entry
    JOIN request ON request.enterprise_id = policy_list_entry.enterprise_id
)
SELECT
    entry_id,
    institution_id,
    MIN(begun_on) FILTER (WHERE begun_listed) AS contacted_on,
    MIN(due_diligence_on) FILTER (WHERE begun_listed) AS examined_on,
    MIN(approved_on) FILTER (WHERE begun_listed) AS approved_on,
    MIN(drawn_on) FILTER (WHERE begun_listed) AS drawn_on,
    MIN(approved_on) FILTER (WHERE approved_listed) AS approved_while_listed_on
FROM entry_request
WHERE begun_listed OR approved_listed
GROUP BY entry_id, institution_id
