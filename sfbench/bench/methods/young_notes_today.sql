-- zh: 新放贷款迄今不良率
-- en: What has turned bad of the young notes so far
-- task: indicator
-- question: vintage_default
-- source: vintage tables read at the last diagonal
-- source_zh: 账龄表中最后一条对角线的读数
-- naive: yes

SELECT AVG(CAST(bad AS INT)) AS value
FROM (
    SELECT
        loan_id,
        COALESCE(BOOL_OR(grade IN ('FQ03', 'FQ04', 'FQ05')), FALSE) AS bad
    FROM loan
    LEFT JOIN loan_balance USING (loan_id)
    WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
    GROUP BY loan_id
)
