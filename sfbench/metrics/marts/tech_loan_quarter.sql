-- id: tech_loan_quarter
-- grain: quarter end x bank x borrower size at grant x partner in the application x original term over five years
-- caption: Tech loans (flagged at the quarter end, or by use; each note once), the non-performing part (grades FQ03 to
--   FQ05), and the part whose remaining term is over five years.
-- needs: balance_quarter(month), loan(loan_id, application_id, institution_id, borrower_size, due_on, tenor_months,
--   tech_use), credit_application(application_id, partner_kind), flagged_note
-- optional: borrower_size from loan(borrower_size), partner_kind from loan(application_id), partner_kind from
--   credit_application(application_id, partner_kind), long_term from loan(tenor_months), npl_rmb from
--   balance_quarter(grade), long_residual_rmb from balance_quarter(extended_due_on), long_residual_rmb from
--   loan(due_on)
-- incremental: quarter
-- period: quarter

-- Notes that are never tech loans are left out before the join with the balances: they are four in five.
WITH partnered_application AS (
    SELECT application_id, partner_kind FROM credit_application WHERE partner_kind IN ('investment', 'guarantee')
),
tech_note AS (
    SELECT
        loan_id,
        institution_id,
        COALESCE(borrower_size, 'unknown') AS borrower_size,
        COALESCE(partner_kind, 'none') AS partner_kind,
        COALESCE(tenor_months > 60, FALSE) AS long_term,
        due_on,
        COALESCE(tech_use, FALSE) AS tech_use
    FROM loan
    LEFT JOIN partnered_application ON partnered_application.application_id = loan.application_id
    WHERE tech_use OR loan_id IN (SELECT loan_id FROM flagged_note)
)
SELECT
    month AS quarter,
    institution_id,
    borrower_size,
    partner_kind,
    long_term,
    COUNT(*) FILTER (WHERE balance_rmb > 0) AS notes,
    CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb,
    CAST(
        COALESCE(SUM(balance_rmb) FILTER (WHERE grade IN ('FQ03', 'FQ04', 'FQ05')), 0) AS DECIMAL(18, 2)
    ) AS npl_rmb,
    CAST(
        COALESCE(
            SUM(balance_rmb) FILTER (
                WHERE COALESCE(extended_due_on, due_on) > CAST(month + INTERVAL 60 MONTH AS DATE)
            ),
            0
        ) AS DECIMAL(18, 2)
    ) AS long_residual_rmb
FROM balance_quarter
JOIN tech_note USING (loan_id)
WHERE tech_enterprise OR tech_use
GROUP BY month, institution_id, borrower_size, partner_kind, long_term
