-- zh: 当前不良率
-- en: The bad-loan ratio of today
-- task: indicator
-- question: vintage_default
-- source: league tables of bad-loan ratios
-- source_zh: 不良率排行榜
-- naive: yes

SELECT AVG(CAST(grade IN ('FQ03', 'FQ04', 'FQ05') AS INT)) AS value
FROM loan_balance
WHERE month = CAST($last AS DATE)
