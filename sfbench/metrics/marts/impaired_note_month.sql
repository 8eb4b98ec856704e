-- id: impaired_note_month
-- grain: month x loan note that is non-performing or over 90 days overdue
-- caption: Notes graded substandard, doubtful or loss, or over 90 days overdue, with bank, borrower, stage and vintage.
-- needs: month(month), note_profile, loan_balance(month, loan_id, balance_rmb, grade, overdue_days,
--   tech_enterprise)
-- optional: cluster_id from note_profile(cluster_id), vintage from note_profile(vintage), stage from
--   note_profile(growth_from, mature_from), tech_use from note_profile(tech_use), npl from loan_balance(grade),
--   overdue_90 from loan_balance(overdue_days), tech_enterprise from loan_balance(tech_enterprise)
-- incremental: month

WITH impaired AS (
    SELECT
        month,
        loan_id,
        balance_rmb,
        COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
        COALESCE(grade IN ('FQ03', 'FQ04', 'FQ05'), FALSE) AS npl,
        COALESCE(overdue_days > 90, FALSE) AS overdue_90
    FROM loan_balance
    WHERE (grade IN ('FQ03', 'FQ04', 'FQ05') OR overdue_days > 90) AND month IN (SELECT month FROM month)
)
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
FROM impaired
JOIN note_profile USING (loan_id)
