-- id: balance_month
-- grain: month end x loan note
-- caption: Balances of all notes by number, with the month's tech-enterprise flag: read once for the marts that group
--   all of them.
-- needs: note_number, loan_balance(month, loan_id, balance_rmb, tech_enterprise)

SELECT month, note_no, balance_rmb, COALESCE(tech_enterprise, FALSE) AS tech_enterprise
FROM loan_balance
JOIN note_number USING (loan_id)
