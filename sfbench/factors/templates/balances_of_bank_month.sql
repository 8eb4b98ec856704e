-- id: balances_of_bank_month
-- zh: 一家银行一个月末的借据余额
-- en: Balances of a bank's notes at a month end (a join, two parameters)
-- table: loan_balance
-- parameter: institution_id | BIGINT, month | DATE

SELECT loan_balance.*
FROM loan_balance
JOIN loan USING (loan_id)
WHERE institution_id = $institution_id AND month = $month;

SELECT institution_id, month, COUNT(*) AS rows_selected
FROM loan_balance
JOIN loan USING (loan_id)
WHERE institution_id IS NOT NULL
GROUP BY institution_id, month;
