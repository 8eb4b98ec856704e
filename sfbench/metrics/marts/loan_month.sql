-- id: loan_month
-- grain: month x bank x tech_enterprise x tech_use x industry flags x green x digital
-- caption: Balances of all loan notes, by what never changes about a note and by the month's tech-enterprise flag.
-- needs: loan_class_month, note_profile

SELECT
    month,
    institution_id,
    tech_enterprise,
    tech_use,
    in_htp,
    in_hts,
    in_se,
    in_pa,
    green,
    digital,
    balance_rmb
FROM loan_class_month
JOIN note_profile ON note_profile.loan_id = bank_class
