-- id: all_loan_balance
-- measure: 20
-- zh: 各项贷款余额
-- en: All-loan balance
-- period: month
-- component: all | CNY 100m | additive | 各项贷款 | All loans
-- component: enterprise | CNY 100m | additive | 企(事)业单位贷款 | Loans to enterprises
-- component: household | CNY 100m | additive | 住户贷款 | Household loans
-- component: overseas | CNY 100m | additive | 境外贷款 | Overseas loans
-- component: non_bank | CNY 100m | additive | 非银行业金融机构贷款 | Loans to non-bank financial institutions
-- cuts: total, bank
-- direction: none
-- source: metrics.csv: sum of the bank-month aggregate; corporate and household apart. Decided where it is silent:
--   the central bank's scope, and the row that was published for the month.
-- source_zh: 银行月报各项贷款之和，企（事）业单位和住户分列。补充口径：采用人行口径，取当月公布的数据。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current, all_loans,
--   enterprise_loans, household_loans, overseas_loans, non_bank_loans)

WITH report AS (
    SELECT
        month,
        institution_id,
        scope_version,
        all_loans,
        enterprise_loans,
        household_loans,
        overseas_loans,
        non_bank_loans
    FROM bank_month
    WHERE reporting_scope = 'PBOC' AND current AND month IN (SELECT month FROM month)
),
part AS (
    SELECT month, institution_id, scope_version, 'all' AS component, all_loans AS amount FROM report
    UNION ALL
    SELECT month, institution_id, scope_version, 'enterprise', enterprise_loans FROM report
    UNION ALL
    SELECT month, institution_id, scope_version, 'household', household_loans FROM report
    UNION ALL
    SELECT month, institution_id, scope_version, 'overseas', overseas_loans FROM report
    UNION ALL
    SELECT month, institution_id, scope_version, 'non_bank', non_bank_loans FROM report
)
SELECT
    month AS period,
    CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
    CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
    component,
    CAST(SUM(amount) AS DOUBLE) / 1e8 AS value,
    MAX(scope_version) AS scope_version
FROM part
GROUP BY GROUPING SETS ((month, component), (month, component, institution_id))
