-- id: balances_of_month
-- zh: 一个月末的贷款余额
-- en: Loan balances of a month end
-- table: loan_balance
-- parameter: month | DATE

SELECT * FROM loan_balance WHERE month = $month;

SELECT month, COUNT(*) AS rows_selected FROM loan_balance GROUP BY month;
