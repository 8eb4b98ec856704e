-- zh: 本行内查找更早借据
-- en: An earlier contract of the borrower at the same bank
-- task: linkage
-- question: false_first_loans
-- source: what a bank can check in its own books
-- source_zh: 银行凭自身账簿所能核对的
-- naive: yes

WITH beginning AS (
    SELECT borrower_uscc, institution_id, MIN(granted_on) AS granted_on, MIN_BY(contract_code, granted_on) AS contract_code
    FROM loan
    GROUP BY borrower_uscc, institution_id
)

SELECT
    loan.loan_id,
    DATE_DIFF('day', beginning.granted_on, loan.granted_on) AS score,
    loan.granted_on > beginning.granted_on AND loan.contract_code <> beginning.contract_code AS flagged
FROM loan
JOIN beginning USING (borrower_uscc, institution_id)
WHERE loan.first_loan AND loan.granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
