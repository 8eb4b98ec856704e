-- id: note_profile
-- grain: loan note
-- caption: What never changes about a note: bank, borrower, its district and cluster and the months of its stages, year
--   of grant, and its traits: 1 if for a technology use, plus 2 if in the HTP, 4 if in the HTS, 8 if in the SE and 16 if
--   in the PA classification, 32 if green, 64 if digital.
-- needs: loan(loan_id, enterprise_id, institution_id, granted_on, tech_use, htp, hts, se, pa, green, digital),
--   enterprise(enterprise_id, founded_on, district_id, cluster_id)

WITH firm AS (
    SELECT
        enterprise_id,
        district_id,
        cluster_id,
        -- startup under 60 calendar months of age, growth under 120, then mature
        CAST(DATE_TRUNC('month', founded_on) + INTERVAL 60 MONTH AS DATE) AS growth_from,
        CAST(DATE_TRUNC('month', founded_on) + INTERVAL 120 MONTH AS DATE) AS mature_from
    FROM enterprise
)
SELECT
    loan_id,
    loan.enterprise_id,
    institution_id,
    district_id,
    cluster_id,
    YEAR(granted_on) AS vintage,
    COALESCE(tech_use, FALSE) AS tech_use,
    -- one whole number, as it is quicker to group by than seven flags
    CASE WHEN tech_use THEN 1 ELSE 0 END
    + CASE WHEN htp IS NOT NULL THEN 2 ELSE 0 END
    + CASE WHEN hts IS NOT NULL THEN 4 ELSE 0 END
    + CASE WHEN se IS NOT NULL THEN 8 ELSE 0 END
    + CASE WHEN pa IS NOT NULL THEN 16 ELSE 0 END
    + CASE WHEN green THEN 32 ELSE 0 END
    + CASE WHEN digital THEN 64 ELSE 0 END AS traits,
    growth_from,
    mature_from
FROM loan
LEFT JOIN firm ON firm.enterprise_id = loan.enterprise_id
