-- id: balances_of_note
-- zh: 一笔借据的各月余额
-- en: Month-end balances of a loan note
-- table: loan_balance
-- parameter: loan_id | BIGINT

SELECT * FROM loan_balance WHERE loan_id = $loan_id;

SELECT loan_id, COUNT(*) AS rows_selected FROM loan_balance GROUP BY loan_id;
