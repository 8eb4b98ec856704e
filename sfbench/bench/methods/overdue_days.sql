-- zh: 逾期天数
-- en: Days overdue today
-- task: early_warning
-- question: default_next_year
-- source: a list of who is late
-- source_zh: 逾期名单
-- naive: yes

SELECT
    enterprise_id,
    MAX(overdue_days) AS score
FROM loan_balance
JOIN loan USING (loan_id)
WHERE month = CAST($last AS DATE)
GROUP BY enterprise_id
