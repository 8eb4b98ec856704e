-- id: manufacturing_long_term_share
-- measure: 2
-- zh: 制造业中长期贷款占比
-- en: Medium and long-term share of manufacturing loans
-- period: month
-- component: share | % | not additive | 占比(人行口径) | Share in the PBOC scope
-- component: share_nfra | % | not additive | 占比(监管口径) | Share in the NFRA scope
-- component: share_notes | % | not additive | 占比(借据) | Share of loan notes
-- component: long_term_balance | CNY 100m | additive | 中长期余额(人行口径) | Medium and long-term balance in the PBOC scope
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: balance with original term > 1 year / manufacturing balance. Decided where it is silent: the
--   banks' reports published for the month, PBOC as the headline and NFRA beside it; share_notes is of notes used in
--   manufacturing, by their original tenor in months (twelve is short, an extension changes nothing).
-- source_zh: 原始期限1年以上的制造业贷款余额占制造业贷款余额比重。补充口径：取当月公布的银行报表，以人行口径为主，监
--   管口径并列；借据口径取投向制造业的借据，按原始期限月数划分（12个月属短期，展期不改变划分）。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current, manufacturing_loans,
--   manufacturing_long_term_loans), loan_use_month

WITH part AS (
    SELECT
        month,
        institution_id,
        CASE reporting_scope WHEN 'PBOC' THEN 'share' ELSE 'share_nfra' END AS component,
        manufacturing_long_term_loans AS long_term,
        manufacturing_loans AS whole,
        scope_version
    FROM bank_month
    WHERE current AND reporting_scope IN ('PBOC', 'NFRA')
    UNION ALL
    SELECT
        month,
        institution_id,
        'share_notes',
        SUM(CASE WHEN long_term THEN balance_rmb ELSE 0 END),
        SUM(balance_rmb),
        NULL
    FROM loan_use_month
    WHERE manufacturing
    GROUP BY month, institution_id
),
level AS (
    SELECT
        month,
        'total' AS cut,
        'total' AS cut_value,
        component,
        COALESCE(SUM(long_term), 0) AS long_term,
        COALESCE(SUM(whole), 0) AS whole,
        MAX(scope_version) AS scope_version
    FROM month
    CROSS JOIN (VALUES ('share'), ('share_nfra'), ('share_notes')) AS components (component)
    LEFT JOIN part USING (month, component)
    GROUP BY month, component
    UNION ALL
    SELECT
        month,
        'bank',
        CAST(institution_id AS VARCHAR),
        component,
        SUM(long_term),
        SUM(whole),
        MAX(scope_version)
    FROM part
    WHERE month IN (SELECT month FROM month)
    GROUP BY month, institution_id, component
),
figure AS (
    SELECT
        month,
        cut,
        cut_value,
        component,
        100.0 * CAST(long_term AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0) AS value,
        scope_version
    FROM level
    UNION ALL
    SELECT month, cut, cut_value, 'long_term_balance', CAST(long_term AS DOUBLE) / 1e8, scope_version
    FROM level
    WHERE component = 'share'
)
SELECT
    month AS period,
    cut,
    cut_value,
    component,
    value,
    scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
