-- id: note_class
-- grain: loan note
-- caption: The classes of a note by which balances are summed, each named by the lowest number of its notes, whose
--   profile or use tells what all of the class have in common. A note used for nothing of note_use is in no use class.
-- needs: note_profile, note_use

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
use_class AS (
    SELECT institution_id, cluster_id, own_trade, manufacturing, long_term, se, MIN(loan_id) AS use_class
    FROM note_use
    GROUP BY institution_id, cluster_id, own_trade, manufacturing, long_term, se
),
use_class_of_note AS (
    SELECT loan_id, use_class
    FROM note_use
    JOIN use_class USING (institution_id, cluster_id, own_trade, manufacturing, long_term, se)
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
