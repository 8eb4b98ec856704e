-- zh: 季末增长
-- en: Growth into quarter ends
-- task: gaming_detection
-- question: window_dressers
-- source: league tables by loans at quarter ends
-- source_zh: 按季末贷款的排行榜
-- naive: yes

WITH month_growth AS (
    SELECT
        institution_id,
        month,
        LN(CAST(all_loans AS DOUBLE)) - LAG(LN(CAST(all_loans AS DOUBLE))) OVER (
            PARTITION BY institution_id ORDER BY month
        ) AS growth
    FROM bank_month
    WHERE
        current AND reporting_scope = 'PBOC'
        AND month BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
)

SELECT
    institution_id,
    AVG(growth) AS score
FROM month_growth
WHERE MONTH(month) % 3 = 0
GROUP BY institution_id
