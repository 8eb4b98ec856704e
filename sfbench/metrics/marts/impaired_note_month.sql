-- id: impaired_note_month
-- grain: month x loan note that is non-performing or over 90 days overdue
-- caption: Notes graded substandard, doubtful or loss, or over 90 days overdue, with bank, borrower, stage and vintage.
-- needs: month(month), balance_month(month), note_profile(month)
-- incremental: month

SELECT
    month,
    loan_id,
    balance_rmb,
    tech_enterprise,
    npl,
    overdue_90,
    tech_use,
    enterprise_id,
    institution_id,
    cluster_id,
    vintage,
    CASE
        WHEN growth_from IS NULL THEN 'unknown'
        WHEN month < growth_from THEN 'startup'
        WHEN month < mature_from THEN 'growth'
        ELSE 'mature'
    END AS stage
FROM balance_month
JOIN note_profile USING (note_no)
WHERE (npl OR overdue_90) AND month IN (SELECT month FROM month)
