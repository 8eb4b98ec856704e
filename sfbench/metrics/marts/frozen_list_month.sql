-- id: frozen_list_month
-- grain: month x bank
-- caption: Balances of the borrowers on this month's list, and of those on the list of twelve months before.
-- needs: tech_borrower_month
-- incremental: month

WITH list AS (
    SELECT DISTINCT month, enterprise_id FROM tech_borrower_month WHERE listed
)
SELECT
    borrower.month,
    institution_id,
    CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE new_list.month IS NOT NULL), 0) AS DECIMAL(18, 2)) AS new_list_rmb,
    CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE old_list.month IS NOT NULL), 0) AS DECIMAL(18, 2)) AS old_list_rmb
FROM tech_borrower_month AS borrower
LEFT JOIN list AS new_list
    ON new_list.month = borrower.month AND new_list.enterprise_id = borrower.enterprise_id
LEFT JOIN list AS old_list
    ON old_list.month = LAST_DAY(borrower.month - INTERVAL 12 MONTH) AND old_list.enterprise_id = borrower.enterprise_id
GROUP BY borrower.month, institution_id
