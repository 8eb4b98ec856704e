-- id: frozen_list_month
-- grain: month x bank
-- caption: Balances of the borrowers on this month's list, and of those on the list of twelve months before.
-- needs: tech_borrower_month
-- incremental: month

WITH list AS (
    SELECT month, enterprise_id FROM tech_borrower_month WHERE listed GROUP BY month, enterprise_id
),
-- the month a year later is found once for each month, not for each borrower on its list
list_month AS (
    SELECT month, LAST_DAY(month + INTERVAL 12 MONTH) AS year_later FROM list GROUP BY month
),
old_list AS (
    SELECT year_later AS month, enterprise_id FROM list JOIN list_month USING (month)
)
SELECT
    borrower.month,
    institution_id,
    CAST(SUM(CASE WHEN list.month IS NOT NULL THEN balance_rmb ELSE 0 END) AS DECIMAL(18, 2)) AS new_list_rmb,
    CAST(SUM(CASE WHEN old_list.month IS NOT NULL THEN balance_rmb ELSE 0 END) AS DECIMAL(18, 2)) AS old_list_rmb
FROM tech_borrower_month AS borrower
LEFT JOIN list ON list.month = borrower.month AND list.enterprise_id = borrower.enterprise_id
LEFT JOIN old_list ON old_list.month = borrower.month AND old_list.enterprise_id = borrower.enterprise_id
GROUP BY borrower.month, institution_id
