-- zh: 按银行报数
-- en: As banks report
-- task: linkage
-- question: false_first_loans
-- source: counts of first-time borrowers as banks report them
-- source_zh: 银行报送的首贷户数
-- naive: yes

SELECT
    loan_id,
    0 AS score,
    FALSE AS flagged
FROM loan
WHERE first_loan AND granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
