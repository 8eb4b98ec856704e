-- id: key_project_note
-- grain: note of a policy bank to a firm with a key project, or commercial fixed-asset note that follows one
-- caption: Notes near key projects: a note does not name its project, so it is tied to one by firm, day and class.
-- needs: project(enterprise_id, kind, approved_on, completed_on), institution(institution_id, bank_type), loan(loan_id,
--   enterprise_id, institution_id, product_class, granted_on)

WITH key_project AS (
    SELECT enterprise_id, approved_on, completed_on FROM project WHERE kind = 'key'
),
note AS (
    SELECT loan_id, loan.enterprise_id, bank_type, product_class = 'F023' AS fixed_asset, granted_on
    FROM loan
    JOIN institution ON institution.institution_id = loan.institution_id
    WHERE loan.enterprise_id IN (SELECT enterprise_id FROM key_project)
),
policy_note AS (
    SELECT DISTINCT loan_id, note.enterprise_id, fixed_asset, granted_on
    FROM note
    JOIN key_project
        ON key_project.enterprise_id = note.enterprise_id
        AND approved_on <= granted_on
        AND (completed_on IS NULL OR completed_on >= granted_on)
    WHERE bank_type = 'policy'
),
following_note AS (
    SELECT DISTINCT note.loan_id
    FROM note
    JOIN policy_note
        ON policy_note.enterprise_id = note.enterprise_id
        AND note.granted_on > policy_note.granted_on
        AND note.granted_on <= policy_note.granted_on + INTERVAL 12 MONTH
    WHERE bank_type <> 'policy' AND note.fixed_asset AND policy_note.fixed_asset
)
SELECT loan_id, FALSE AS follows, fixed_asset FROM policy_note
UNION ALL
SELECT loan_id, TRUE, TRUE FROM following_note
