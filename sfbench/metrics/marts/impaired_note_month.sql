-- id: impaired_note_month
-- grain: month x loan note that is non-performing or over 90 days overdue
-- caption: Notes graded substandard, doubtful or loss, or over 90 days overdue, with bank, borrower, stage and vintage.
-- needs: month(month), balance_month(month), note_profile(month)
-- incremental: month

SELECT
    month,
    loan_id,
    balance_rmb,
    (state & 1) = 1 AS tech_enterprise,
    state IN (2, 3, 6, 7) AS npl,
    state >= 4 AS overdue_90,
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
WHERE state >= 2 AND month IN (SELECT month FROM month)
