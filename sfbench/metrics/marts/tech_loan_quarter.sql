-- id: tech_loan_quarter
-- grain: quarter end x bank x borrower size x partner x original term over 5 years x remaining term over 5 years x npl
-- caption: Tech loans (flagged at the quarter end, or by use; each note once) with their size at grant and partner.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, grade, extended_due_on, tech_enterprise),
--   loan(loan_id, application_id, institution_id, borrower_size, due_on, tenor_months, tech_use),
--   credit_application(application_id, partner_kind), flagged_note

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
    COALESCE(COALESCE(extended_due_on, due_on) > month + INTERVAL 60 MONTH, FALSE) AS long_residual,
    COALESCE(grade IN ('FQ03', 'FQ04', 'FQ05'), FALSE) AS npl,
    CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb,
    COUNT(*) FILTER (WHERE balance_rmb > 0) AS notes
FROM loan_balance
JOIN tech_note USING (loan_id)
WHERE (tech_enterprise OR tech_use) AND month IN (SELECT month FROM month WHERE MONTH(month) IN (3, 6, 9, 12))
GROUP BY ALL
