-- id: tech_stage_month
-- grain: month x bank x stage
-- caption: Flagged balances and borrowers by the borrower's age at the month end.
-- needs: tech_borrower_month(month), enterprise(enterprise_id, founded_on)
-- optional: stage from enterprise(enterprise_id, founded_on)
-- incremental: month

WITH borrower_age AS (
    SELECT
        month,
        institution_id,
        tech_balance_rmb,
        first_bank,
        (YEAR(month) * 12 + MONTH(month)) - (YEAR(founded_on) * 12 + MONTH(founded_on)) AS age_months
    FROM tech_borrower_month
    LEFT JOIN enterprise ON enterprise.enterprise_id = tech_borrower_month.enterprise_id
    WHERE tech_balance_rmb > 0
)
SELECT
    month,
    institution_id,
    CASE
        WHEN age_months IS NULL THEN 'unknown'
        WHEN age_months < 60 THEN 'startup'
        WHEN age_months < 120 THEN 'growth'
        ELSE 'mature'
    END AS stage,
    CAST(SUM(tech_balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb,
    COUNT(*) AS bank_borrowers,
    COUNT(*) FILTER (WHERE first_bank) AS city_borrowers
FROM borrower_age
GROUP BY month, institution_id, stage
