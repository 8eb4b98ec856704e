-- zh: 非空与取值范围
-- en: Filled and in range
-- task: defect_detection
-- question: defective_notes
-- source: the usual suite of NOT NULL and BETWEEN
-- source_zh: 常见的非空与取值范围规则
-- naive: yes

SELECT
    loan_id,
    CAST(flagged AS INT) AS score,
    flagged
FROM (
    SELECT
        loan_id,
        borrower_uscc IS NULL OR note_code IS NULL OR contract_code IS NULL OR institution_uscc IS NULL
        OR amount_rmb <= 0 OR amount_rmb > 1e12
        OR granted_on < DATE '2000-01-01' OR due_on > DATE '2100-01-01'
        OR grant_rate NOT BETWEEN 0 AND 36 AS flagged
    FROM loan
)
