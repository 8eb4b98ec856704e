-- id: npl_borrower_month
-- grain: month x borrower with a non-performing note
-- caption: Borrowers with a note of grade substandard, doubtful or loss at any bank at the month end.
-- needs: month(month), loan_balance(month, loan_id, grade), loan(loan_id, enterprise_id)

SELECT DISTINCT month, enterprise_id
FROM loan_balance
JOIN loan ON loan.loan_id = loan_balance.loan_id
WHERE grade IN ('FQ03', 'FQ04', 'FQ05') AND month IN (SELECT month FROM month)
