-- id: balance_month
-- grain: month end x loan note
-- caption: Balances of all notes by number, with the month's tech-enterprise flag and what is wrong with the note: read
--   once for the marts that group all of them or pick some of them.
-- needs: note_number(month), loan_balance(month, loan_id, balance_rmb, grade, overdue_days, tech_enterprise)
-- sliced: all rows of all months are more than a cache should hold; what is made of them is kept

SELECT
    month,
    note_no,
    balance_rmb,
    COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
    grade IN ('FQ03', 'FQ04', 'FQ05') AS npl,
    overdue_days > 90 AS overdue_90
FROM loan_balance
JOIN note_number USING (loan_id)
