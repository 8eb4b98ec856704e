-- id: note_profile
-- grain: loan note
-- caption: What never changes about a note: bank, borrower, place, the months of the borrower's stages, year of grant,
--   use. An unknown district is 'out_of_city', no cluster 0, no class of use 'none'.
-- needs: loan(loan_id, enterprise_id, institution_id, granted_on, tenor_months, use_industry, tech_use, htp, hts, se,
--   pa, green, digital, manufacturing), enterprise(enterprise_id, district_id, cluster_id, industry_code, founded_on)

SELECT
    loan_id,
    loan.enterprise_id,
    institution_id,
    COALESCE(CAST(district_id AS VARCHAR), 'out_of_city') AS district,
    COALESCE(cluster_id, 0) AS cluster_id,
    YEAR(granted_on) AS vintage,
    COALESCE(tech_use, FALSE) AS tech_use,
    htp IS NOT NULL AS in_htp,
    hts IS NOT NULL AS in_hts,
    se IS NOT NULL AS in_se,
    pa IS NOT NULL AS in_pa,
    COALESCE(green, FALSE) AS green,
    COALESCE(digital, FALSE) AS digital,
    COALESCE(manufacturing, FALSE) AS manufacturing,
    COALESCE(tenor_months > 12, FALSE) AS long_term,
    COALESCE(se, 'none') AS se_class,
    COALESCE(use_industry = industry_code, FALSE) AS own_trade,
    -- startup under 60 calendar months of age, growth under 120, then mature
    CAST(DATE_TRUNC('month', founded_on) + INTERVAL 60 MONTH AS DATE) AS growth_from,
    CAST(DATE_TRUNC('month', founded_on) + INTERVAL 120 MONTH AS DATE) AS mature_from
FROM loan
LEFT JOIN enterprise ON enterprise.enterprise_id = loan.enterprise_id
