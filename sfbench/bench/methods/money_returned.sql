-- zh: 收到退回款
-- en: Money came back
-- task: gaming_detection
-- question: round_trips
-- source: rules of banks that list receipts after a drawdown
-- naive: yes

SELECT
    loan_id,
    COALESCE(SUM(amount) FILTER (WHERE direction = 'in'), 0) AS score,
    BOOL_OR(direction = 'in') AS flagged
FROM account_flow
GROUP BY loan_id
