-- id: note_profile
-- grain: loan note
-- caption: What never changes about a note: bank, borrower, its cluster and the months of its stages, year of grant.
-- needs: loan(loan_id, enterprise_id, institution_id, granted_on, tech_use),
--   enterprise(enterprise_id, founded_on, cluster_id)
-- optional: cluster_id from enterprise(enterprise_id, cluster_id), growth_from and mature_from from
--   enterprise(enterprise_id, founded_on), vintage from loan(granted_on), tech_use from loan(tech_use)

WITH firm AS (
    SELECT
        enterprise_id,
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
    cluster_id,
    YEAR(granted_on) AS vintage,
    COALESCE(tech_use, FALSE) AS tech_use,
    growth_from,
    mature_from
FROM loan
LEFT JOIN firm ON firm.enterprise_id = loan.enterprise_id
