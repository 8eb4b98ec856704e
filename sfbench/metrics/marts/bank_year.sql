-- id: bank_year
-- grain: year x bank with loan notes at its end
-- caption: Year-end balances of a bank's notes, tech and non-performing, and its notes and first borrowers of the year.
-- needs: loan(loan_id, enterprise_id, institution_id, granted_on, first_loan), bank_loan_month, impaired_note_month

WITH balance AS (
    SELECT
        month,
        institution_id,
        SUM(balance_rmb) AS all_rmb,
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0) AS tech_rmb
    FROM bank_loan_month
    WHERE MONTH(month) = 12
    GROUP BY month, institution_id
),
npl AS (
    SELECT
        month,
        institution_id,
        SUM(balance_rmb) AS npl_rmb,
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0) AS tech_npl_rmb
    FROM impaired_note_month
    WHERE npl AND MONTH(month) = 12
    GROUP BY month, institution_id
),
grants AS (
    SELECT
        YEAR(granted_on) AS year,
        institution_id,
        COUNT(loan_id) AS granted_notes,
        COUNT(DISTINCT CASE WHEN first_loan THEN enterprise_id END) AS first_borrowers
    FROM loan
    GROUP BY YEAR(granted_on), institution_id
)
SELECT
    YEAR(balance.month) AS year,
    balance.institution_id,
    CAST(balance.all_rmb AS DECIMAL(18, 2)) AS all_rmb,
    CAST(balance.tech_rmb AS DECIMAL(18, 2)) AS tech_rmb,
    CAST(base.tech_rmb AS DECIMAL(18, 2)) AS tech_base_rmb,
    CAST(COALESCE(npl_rmb, 0) AS DECIMAL(18, 2)) AS npl_rmb,
    CAST(COALESCE(tech_npl_rmb, 0) AS DECIMAL(18, 2)) AS tech_npl_rmb,
    COALESCE(granted_notes, 0) AS granted_notes,
    COALESCE(first_borrowers, 0) AS first_borrowers
FROM balance
LEFT JOIN balance AS base
    ON YEAR(base.month) = YEAR(balance.month) - 1 AND base.institution_id = balance.institution_id
LEFT JOIN npl ON npl.month = balance.month AND npl.institution_id = balance.institution_id
LEFT JOIN grants ON grants.year = YEAR(balance.month) AND grants.institution_id = balance.institution_id
