-- id: relending_note_month
-- grain: month x ledger note, from the month in which it is entered
-- caption: Balances of loans backed by sci-tech relending.
-- needs: month(month), relending_note, loan_balance(month, loan_id, balance_rmb)
-- incremental: month

SELECT month, loan_id, institution_id, enterprise_id, balance_rmb
FROM loan_balance
JOIN relending_note USING (loan_id)
WHERE entered_on <= month AND month IN (SELECT month FROM month)
