-- id: inclusive_loan_balance
-- measure: 20
-- zh: 普惠小微贷款余额
-- en: Inclusive micro and small loan balance
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, bank, borrower_kind
-- direction: up
-- source: metrics.csv: from bank_month: small and micro firms + sole traders + owners' operating loans within the
--   line threshold. Decided where it is silent: the central bank's scope and the row published for the month; the
--   part without loan notes is lent to households (sole traders and owners), the rest to enterprises.
-- source_zh: 取自bank_month表：授信在门槛以内的小微企业贷款、个体工商户贷款和小微企业主经营性贷款。补充口径：采用人行
--   口径，取当月公布的数据；无借据部分为对住户（个体工商户和小微企业主）的贷款，其余为对企业的贷款。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current, inclusive_loans,
--   inclusive_loans_other)

WITH report AS (
    SELECT month, institution_id, scope_version, inclusive_loans, inclusive_loans_other
    FROM bank_month
    WHERE reporting_scope = 'PBOC' AND current AND month IN (SELECT month FROM month)
),
balance AS (
    SELECT
        month,
        'total' AS cut,
        'total' AS cut_value,
        SUM(inclusive_loans) AS balance_rmb,
        MAX(scope_version) AS scope_version
    FROM report
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), SUM(inclusive_loans), MAX(scope_version)
    FROM report
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'borrower_kind', 'enterprise', SUM(inclusive_loans - inclusive_loans_other), MAX(scope_version)
    FROM report
    GROUP BY month
    UNION ALL
    SELECT month, 'borrower_kind', 'household', SUM(inclusive_loans_other), MAX(scope_version)
    FROM report
    GROUP BY month
)
SELECT
    month AS period,
    cut,
    cut_value,
    'balance' AS component,
    CAST(balance_rmb AS DOUBLE) / 1e8 AS value,
    scope_version
FROM balance
