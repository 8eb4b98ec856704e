-- id: loan_month
-- grain: month x bank x district x tech_enterprise x tech_use x industry flags x green x digital
-- caption: Balances of all loan notes, by what never changes about a note and by the month's tech-enterprise flag.
-- needs: month(month), class_month(month), note_profile(month)
-- incremental: month

SELECT
    month,
    institution_id,
    COALESCE(CAST(district_id AS VARCHAR), 'out_of_city') AS district,
    tech_enterprise,
    tech_use,
    (traits & 2) = 2 AS in_htp,
    (traits & 4) = 4 AS in_hts,
    (traits & 8) = 8 AS in_se,
    (traits & 16) = 16 AS in_pa,
    (traits & 32) = 32 AS green,
    (traits & 64) = 64 AS digital,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb,
    notes
FROM class_month
JOIN note_profile ON note_profile.loan_id = loan_class
WHERE month IN (SELECT month FROM month)
