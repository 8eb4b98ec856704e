-- id: note_class
-- grain: note with a balance
-- caption: The classes of a note by which balances are summed, each named by the lowest number of its notes, whose
--   profile tells what all of the class have in common. Only notes used in manufacturing or a strategic emerging
--   industry, or of a borrower in a cluster, have a use class.
-- needs: note_profile(month)
-- sliced: as note_profile; a class may be named by another note in another evaluation

WITH loan_class AS (
    SELECT institution_id, COALESCE(district_id, 0) AS district, traits, MIN(loan_id) AS loan_class
    FROM note_profile
    GROUP BY institution_id, COALESCE(district_id, 0), traits
),
stage_class AS (
    SELECT COALESCE(cluster_id, 0) AS cluster, vintage, tech_use, MIN(loan_id) AS stage_class
    FROM note_profile
    GROUP BY COALESCE(cluster_id, 0), vintage, tech_use
),
used_note AS (
    SELECT loan_id, institution_id, COALESCE(cluster_id, 0) AS cluster, se, use_traits
    FROM note_profile
    WHERE (use_traits & 2) = 2 OR se <> 'none' OR cluster_id IS NOT NULL
),
use_class AS (
    SELECT institution_id, cluster, se, use_traits, MIN(loan_id) AS use_class
    FROM used_note
    GROUP BY institution_id, cluster, se, use_traits
),
use_class_of_note AS (
    SELECT loan_id, use_class FROM used_note JOIN use_class USING (institution_id, cluster, se, use_traits)
)
SELECT note_profile.loan_id, loan_class, stage_class, use_class, growth_from, mature_from
FROM note_profile
JOIN loan_class
    ON loan_class.institution_id = note_profile.institution_id
    AND loan_class.district = COALESCE(note_profile.district_id, 0)
    AND loan_class.traits = note_profile.traits
JOIN stage_class
    ON stage_class.cluster = COALESCE(note_profile.cluster_id, 0)
    AND stage_class.vintage = note_profile.vintage
    AND stage_class.tech_use = note_profile.tech_use
LEFT JOIN use_class_of_note ON use_class_of_note.loan_id = note_profile.loan_id
