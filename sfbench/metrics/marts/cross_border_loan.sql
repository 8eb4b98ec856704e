-- id: cross_border_loan
-- grain: loan note x day of a decision
-- caption: Notes granted in the city on credit reports from across the border.
-- needs: cross_border_report(loan_id, decided_on, granted), loan(loan_id, amount_rmb)

WITH decision AS (
    SELECT DISTINCT loan_id, decided_on FROM cross_border_report WHERE granted AND loan_id IS NOT NULL
)
SELECT decision.loan_id, decided_on, amount_rmb
FROM decision
JOIN loan ON loan.loan_id = decision.loan_id
