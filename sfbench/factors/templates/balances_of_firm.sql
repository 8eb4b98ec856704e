-- id: balances_of_firm
-- zh: 一家企业全部借据的各月余额
-- en: Month-end balances of all notes of a firm (a join)
-- table: loan_balance
-- parameter: enterprise_id | BIGINT

SELECT loan_balance.*
FROM loan_balance
JOIN loan USING (loan_id)
WHERE enterprise_id = $enterprise_id;

SELECT enterprise_id, COUNT(*) AS rows_selected
FROM loan_balance
JOIN loan USING (loan_id)
WHERE enterprise_id IS NOT NULL
GROUP BY enterprise_id;
