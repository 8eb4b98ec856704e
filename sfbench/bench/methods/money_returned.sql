-- zh: 收到退回款
-- en: Money came back
-- task: gaming_detection
-- question: round_trips
-- source: rules of banks that list receipts after a drawdown
-- source_zh: 银行列出提款后收款的规则
-- naive: yes

SELECT
    loan_id,
    COALESCE(SUM(amount) FILTER (WHERE direction = 'in'), 0) AS score,
    BOOL_OR(direction = 'in') AS flagged
FROM account_flow
GROUP BY loan_id
