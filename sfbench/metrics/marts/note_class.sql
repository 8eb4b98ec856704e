-- id: note_class
-- grain: loan note
-- caption: Notes that are alike in one of five ways form a class, which is named by its first note. Balances are
--   grouped by few small classes (loan_class_month) in place of many columns.
-- needs: note_profile

WITH bank_class AS (
    SELECT MIN(loan_id) AS bank_class, institution_id, tech_use, in_htp, in_hts, in_se, in_pa, green, digital
    FROM note_profile
    GROUP BY institution_id, tech_use, in_htp, in_hts, in_se, in_pa, green, digital
),
place_class AS (
    SELECT MIN(loan_id) AS place_class, district, cluster_id, tech_use
    FROM note_profile
    GROUP BY district, cluster_id, tech_use
),
age_class AS (
    SELECT MIN(loan_id) AS age_class, vintage, se_class, tech_use
    FROM note_profile
    GROUP BY vintage, se_class, tech_use
),
use_class AS (
    SELECT MIN(loan_id) AS use_class, institution_id, manufacturing, long_term
    FROM note_profile
    GROUP BY institution_id, manufacturing, long_term
),
cluster_class AS (
    SELECT MIN(loan_id) AS cluster_class, institution_id, cluster_id, own_trade
    FROM note_profile
    GROUP BY institution_id, cluster_id, own_trade
)
SELECT loan_id, growth_from, mature_from, bank_class, place_class, age_class, use_class, cluster_class
FROM note_profile
JOIN bank_class USING (institution_id, tech_use, in_htp, in_hts, in_se, in_pa, green, digital)
JOIN place_class USING (district, cluster_id, tech_use)
JOIN age_class USING (vintage, se_class, tech_use)
JOIN use_class USING (institution_id, manufacturing, long_term)
JOIN cluster_class USING (institution_id, cluster_id, own_trade)
