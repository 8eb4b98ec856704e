-- zh: 科技贷款可比口径同比增速
-- en: Like-for-like growth of tech loans
-- asks: growth of tech loans with loan notes over the span, from its first month end to its last, in the scope of 2025 at both
-- task: indicator
-- tables: bank_month
-- also: loan_balance, loan
-- naive: published_growth

-- The scope of 2025 at both dates: borrowers flagged by the list in force, or a tech-related use.
WITH balance AS (
    SELECT
        month,
        CAST(SUM(balance_rmb) AS DOUBLE) AS total
    FROM real.loan_balance
    JOIN real.loan USING (loan_id)
    WHERE tech_enterprise OR tech_use
    GROUP BY month
)

SELECT MAX(total) FILTER (WHERE month = $last) / MAX(total) FILTER (WHERE month = LAST_DAY($first)) - 1 AS value
FROM balance
