-- id: inclusive_tech_month
-- grain: month x bank, and x the city (no bank)
-- caption: Tech-enterprise loans of small and micro borrowers whose line at the bank is within the threshold of the
--   bank's report of the month, or within CNY 10 million throughout; borrowers are distinct.
-- needs: bank_month(month, institution_id, reporting_scope, scope_version, current), tech_borrower_month(month)
-- incremental: month

-- One report of a bank and month: of the newest version, and once where its rows come twice.
WITH current_report AS (
    SELECT month, institution_id, MAX(scope_version) AS scope_version
    FROM bank_month
    WHERE reporting_scope = 'PBOC' AND current
    GROUP BY month, institution_id
),
report AS (
    SELECT *, CASE scope_version WHEN '2024' THEN 10000000 WHEN '2025' THEN 20000000 END AS threshold
    FROM current_report
),
inclusive_borrower AS (
    SELECT
        month,
        institution_id,
        enterprise_id,
        scope_version,
        small_tech_balance_rmb AS balance_rmb,
        line_rmb <= threshold AS within_threshold,
        line_rmb <= 10000000 AS within_10m
    FROM tech_borrower_month
    JOIN report USING (month, institution_id)
    WHERE small_tech_balance_rmb > 0
),
-- A bank's borrowers are distinct as they stand.
bank AS (
    SELECT
        month,
        institution_id,
        SUM(CASE WHEN within_threshold THEN balance_rmb ELSE 0 END) AS balance_rmb,
        SUM(CASE WHEN within_10m THEN balance_rmb ELSE 0 END) AS balance_10m_rmb,
        COUNT(*) FILTER (WHERE within_threshold) AS borrowers,
        MAX(scope_version) AS scope_version
    FROM inclusive_borrower
    GROUP BY month, institution_id
),
city AS (
    SELECT month, COUNT(DISTINCT enterprise_id) FILTER (WHERE within_threshold) AS borrowers
    FROM inclusive_borrower
    GROUP BY month
)
SELECT
    month,
    institution_id,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb,
    CAST(balance_10m_rmb AS DECIMAL(18, 2)) AS balance_10m_rmb,
    borrowers,
    scope_version
FROM bank
UNION ALL
SELECT
    month,
    NULL,
    CAST(SUM(balance_rmb) AS DECIMAL(18, 2)),
    CAST(SUM(balance_10m_rmb) AS DECIMAL(18, 2)),
    MAX(city.borrowers),
    MAX(scope_version)
FROM bank
JOIN city USING (month)
GROUP BY month
