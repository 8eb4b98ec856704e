-- id: green_loan_balance
-- measure: 20
-- zh: 绿色贷款余额
-- en: Green loan balance
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: balance flagged green. Decided where it is silent: loan notes only; the banks' green loans
--   without notes (households) are in bank_month; a bank with loan notes and no green one has the value 0.
-- source_zh: 有绿色标识的贷款余额。补充口径：只含借据；银行无借据的绿色贷款（住户）见bank_month表；有借据而无绿色贷款
--   的银行取0。
-- needs: month(month), bank_loan_month

WITH green_note AS (
    SELECT * FROM bank_loan_month WHERE green
),
balance AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, COALESCE(SUM(balance_rmb), 0) AS balance_rmb
    FROM month
    LEFT JOIN green_note USING (month)
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), COALESCE(SUM(balance_rmb) FILTER (WHERE green), 0)
    FROM bank_loan_month
    GROUP BY month, institution_id
)
SELECT month AS period, cut, cut_value, 'balance' AS component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value
FROM balance
