-- id: inclusive_tech_overlap
-- measure: 11
-- zh: 普惠与科技重叠贷款
-- en: Loans both inclusive and tech
-- period: month
-- component: balance | CNY 100m | additive | 重叠余额 | Balance
-- component: balance_10m | CNY 100m | additive | 重叠余额(千万元口径) | Balance on the threshold of 10 million throughout
-- component: borrowers | count | additive | 借款企业数 | Borrowers
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: tech-enterprise loans that are also inclusive. Decided where it is silent: flagged notes of
--   small and micro borrowers (size at grant) whose line at the bank is within the threshold; the line is the amount
--   granted under all notes there with a balance; the threshold is CNY 10 million on the 2024 scope of the bank's
--   report of the month and 20 million on that of 2025, and nothing counts without a report; balance_10m has no break.
-- source_zh: 兼属普惠口径的科技型企业贷款。补充口径：取有标识的小微企业借据（发放时规模），且借款人在该行的授信在门槛
--   以内；授信为该行有余额借据的发放金额之和；门槛随该行当月报表的口径版本，2024年版为1000万元，2025年版为2000万元，
--   无报表的不计；千万元口径无口径断点。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current), tech_borrower_month

WITH report AS (
    SELECT
        month,
        institution_id,
        scope_version,
        CASE scope_version WHEN '2024' THEN 10000000 WHEN '2025' THEN 20000000 END AS threshold
    FROM bank_month
    WHERE reporting_scope = 'PBOC' AND current
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
overlap AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE within_threshold), 0) AS DOUBLE) / 1e8 AS balance,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE within_10m), 0) AS DOUBLE) / 1e8 AS balance_10m,
        CAST(COUNT(DISTINCT enterprise_id) FILTER (WHERE within_threshold) AS DOUBLE) AS borrowers,
        MAX(scope_version) AS scope_version
    FROM month
    LEFT JOIN inclusive_borrower USING (month)
    GROUP BY GROUPING SETS ((month), (month, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
)
SELECT month AS period, cut, cut_value, component, value, scope_version
FROM overlap
UNPIVOT (value FOR component IN (balance, balance_10m, borrowers))
