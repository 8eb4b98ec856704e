-- zh: 跨字段与跨表核对
-- en: Fields agree with each other and with the registers
-- task: defect_detection
-- question: defective_notes
-- source: cross-field rules; Fellegi and Holt 1976 on edits
-- source_zh: 跨字段规则；Fellegi和Holt 1976论数据审核

-- Each rule holds for every sound note; the score is how many a note breaks.
WITH checked AS (
    SELECT
        loan.loan_id,
        CAST(loan.borrower_uscc IS DISTINCT FROM enterprise.uscc AS INT)
        + CAST(loan.institution_uscc IS DISTINCT FROM institution.uscc AS INT)
        + CAST(loan.due_on <= loan.granted_on AS INT)
        + CAST(ABS(DATE_DIFF('month', loan.granted_on, loan.due_on) - loan.tenor_months) > 1 AS INT)
        + CAST(loan.currency = 'CNY' AND loan.amount <> loan.amount_rmb AS INT)
        + CAST(NOT REGEXP_FULL_MATCH(loan.note_code, 'JJ[0-9]{15}') AS INT)
        + CAST(NOT REGEXP_FULL_MATCH(loan.contract_code, 'HT[0-9]{15}') AS INT)
        AS broken
    FROM loan
    LEFT JOIN enterprise USING (enterprise_id)
    LEFT JOIN institution USING (institution_id)
)

SELECT
    loan_id,
    broken AS score,
    broken > 0 AS flagged
FROM checked
