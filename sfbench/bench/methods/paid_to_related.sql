-- zh: 向关联方付款
-- en: Paid to a related party
-- task: gaming_detection
-- question: round_trips
-- source: rules of banks that list payments to related parties
-- source_zh: 银行列出向关联方付款的规则
-- naive: yes

SELECT
    loan_id,
    SUM(CASE WHEN direction = 'out' AND related THEN amount ELSE 0 END) / SUM(CASE WHEN direction = 'out' THEN amount END)
        AS score,
    BOOL_OR(direction = 'out' AND related) AS flagged
FROM account_flow
GROUP BY loan_id
