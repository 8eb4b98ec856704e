-- zh: 跨银行查找更早借据
-- en: An earlier contract of the borrower at any bank
-- task: linkage
-- question: false_first_loans
-- source: cross-register first-loan date; design S22
-- source_zh: 跨登记簿的首贷日期；设计文档S22

WITH beginning AS (
    SELECT borrower_uscc, MIN(granted_on) AS granted_on, MIN_BY(contract_code, granted_on) AS contract_code
    FROM loan
    GROUP BY borrower_uscc
)

SELECT
    loan.loan_id,
    DATE_DIFF('day', beginning.granted_on, loan.granted_on) AS score,
    loan.granted_on > beginning.granted_on AND loan.contract_code <> beginning.contract_code AS flagged
FROM loan
JOIN beginning USING (borrower_uscc)
WHERE loan.first_loan AND loan.granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
