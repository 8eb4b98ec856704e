-- id: policy_list_quarter
-- grain: quarter end x cut x its value, for the tech-firm and key-project lists
-- caption: Subjects on the lists, all ever pushed (ever_), and those of each whose requests had reached a step.
-- needs: month(month), institution(institution_id, bank_type), policy_list_entry, policy_list_step

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
entry AS (
    SELECT entry_id, list, subject, subject_id, cluster_id, pushed_on, removed_on
    FROM policy_list_entry
    WHERE list IN ('tech_firm', 'key_project')
),
step AS (
    SELECT policy_list_step.*, bank_type
    FROM policy_list_step
    JOIN institution ON institution.institution_id = policy_list_step.institution_id
),
-- Under a type of banks stand, until the end, only the subjects of its banks' steps.
cut_entry AS (
    SELECT 'total' AS cut, 'total' AS cut_value, entry_id FROM entry
    UNION ALL
    SELECT 'list', list, entry_id FROM entry
    UNION ALL
    SELECT 'cluster', CAST(cluster_id AS VARCHAR), entry_id FROM entry WHERE cluster_id IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'bank_type', bank_type, entry_id FROM step WHERE bank_type IS NOT NULL
),
cut_step AS (
    SELECT
        cut,
        cut_value,
        cut_entry.entry_id,
        MIN(contacted_on) AS contacted_on,
        MIN(examined_on) AS examined_on,
        MIN(approved_on) AS approved_on,
        MIN(drawn_on) AS drawn_on
    FROM cut_entry
    JOIN step ON step.entry_id = cut_entry.entry_id AND (cut <> 'bank_type' OR bank_type = cut_value)
    GROUP BY cut, cut_value, cut_entry.entry_id
),
entry_quarter AS (
    SELECT
        quarter,
        cut,
        cut_value,
        subject,
        subject_id,
        removed_on IS NULL OR removed_on > quarter AS on_list,
        COALESCE(contacted_on <= quarter, FALSE) AS contacted,
        COALESCE(examined_on <= quarter, FALSE) AS examined,
        COALESCE(approved_on <= quarter, FALSE) AS approved,
        COALESCE(drawn_on <= quarter, FALSE) AS drawn
    FROM cut_entry
    JOIN entry USING (entry_id)
    JOIN quarter ON pushed_on <= quarter
    LEFT JOIN cut_step USING (cut, cut_value, entry_id)
),
subject_quarter AS (
    SELECT
        quarter,
        cut,
        cut_value,
        subject_id,
        BOOL_OR(on_list) AS listed,
        BOOL_OR(on_list AND contacted) AS contacted,
        BOOL_OR(on_list AND examined) AS examined,
        BOOL_OR(on_list AND approved) AS approved,
        BOOL_OR(on_list AND drawn) AS drawn,
        BOOL_OR(contacted) AS ever_contacted,
        BOOL_OR(examined) AS ever_examined,
        BOOL_OR(approved) AS ever_approved,
        BOOL_OR(drawn) AS ever_drawn
    FROM entry_quarter
    GROUP BY quarter, cut, cut_value, subject, subject_id
),
-- The total has a row for every quarter, also before the first push: no subject is counted in it.
counted AS (
    SELECT * FROM subject_quarter
    UNION ALL
    SELECT quarter, 'total', 'total', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM quarter
),
cut_quarter AS (
    SELECT
        quarter,
        cut,
        cut_value,
        COUNT(*) FILTER (WHERE listed) AS listed,
        COUNT(*) FILTER (WHERE contacted) AS contacted,
        COUNT(*) FILTER (WHERE examined) AS examined,
        COUNT(*) FILTER (WHERE approved) AS approved,
        COUNT(*) FILTER (WHERE drawn) AS drawn,
        -- a project without its number is a subject, too
        COUNT(ever_contacted) AS ever_pushed,
        COUNT(*) FILTER (WHERE ever_contacted) AS ever_contacted,
        COUNT(*) FILTER (WHERE ever_examined) AS ever_examined,
        COUNT(*) FILTER (WHERE ever_approved) AS ever_approved,
        COUNT(*) FILTER (WHERE ever_drawn) AS ever_drawn
    FROM counted
    GROUP BY quarter, cut, cut_value
),
bank_type AS (
    SELECT DISTINCT bank_type FROM institution WHERE bank_type IS NOT NULL
)
SELECT * FROM cut_quarter WHERE cut <> 'bank_type'
UNION ALL
-- All subjects stand under every type of banks, with the steps at banks of the type only.
SELECT
    total.quarter,
    'bank_type',
    bank_type,
    total.listed,
    COALESCE(stepped.contacted, 0),
    COALESCE(stepped.examined, 0),
    COALESCE(stepped.approved, 0),
    COALESCE(stepped.drawn, 0),
    total.ever_pushed,
    COALESCE(stepped.ever_contacted, 0),
    COALESCE(stepped.ever_examined, 0),
    COALESCE(stepped.ever_approved, 0),
    COALESCE(stepped.ever_drawn, 0)
FROM cut_quarter AS total
CROSS JOIN bank_type
LEFT JOIN cut_quarter AS stepped
    ON stepped.quarter = total.quarter AND stepped.cut = 'bank_type' AND stepped.cut_value = bank_type
WHERE total.cut = 'total' AND total.ever_pushed > 0
