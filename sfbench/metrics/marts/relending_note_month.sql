-- id: relending_note_month
-- grain: month x ledger note, from the month in which it is entered
-- caption: Balances of loans backed by sci-tech relending.
-- needs: month(month), relending_note, note_number(month), balance_month(month)
-- incremental: month

SELECT month, loan_id, institution_id, enterprise_id, balance_rmb
FROM balance_month
JOIN note_number USING (note_no)
JOIN relending_note USING (loan_id)
WHERE entered_on <= month AND month IN (SELECT month FROM month)
