-- zh: 按报表逾期天数
-- en: Arrears as reported
-- task: gaming_detection
-- question: hidden_bad_notes
-- source: lists of who is late today, as supervisors' early warnings begin
-- source_zh: 当日逾期名单，监管早期预警由此开始
-- naive: yes

SELECT
    loan_id,
    overdue_days AS score,
    overdue_days > 0 AS flagged
FROM loan_balance
WHERE month = CAST($last AS DATE)
