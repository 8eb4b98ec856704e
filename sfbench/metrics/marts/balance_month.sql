-- id: balance_month
-- grain: month end x loan note
-- caption: Balances of all notes by number, and their state: 1 if flagged as a tech-enterprise loan, plus 2 if
--   non-performing, plus 4 if over 90 days overdue. Read once for the marts that group all of them or pick some.
-- needs: note_number(month), loan_balance(month, loan_id, balance_rmb, grade, overdue_days, tech_enterprise)
-- sliced: all rows of all months are more than a cache should hold; what is made of them is kept

-- One whole number, as three flags cost DuckDB five times as much to keep: it is slow at appending single bytes.
SELECT
    month,
    note_no,
    balance_rmb,
    CASE WHEN tech_enterprise THEN 1 ELSE 0 END
    + CASE WHEN grade IN ('FQ03', 'FQ04', 'FQ05') THEN 2 ELSE 0 END
    + CASE WHEN overdue_days > 90 THEN 4 ELSE 0 END AS state
FROM loan_balance
JOIN note_number USING (loan_id)
