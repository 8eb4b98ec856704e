-- id: digital_industry_loan_balance
-- measure: 13
-- zh: 数字经济产业贷款
-- en: Digital-economy industry loans
-- period: month
-- component: balance | CNY 100m | additive | 数字经济产业贷款余额 | Balance
-- component: tech_loan_part | CNY 100m | additive | 其中科技贷款 | Of it tech loans
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: balance. Decided where it is silent: notes used in an industry of the digital economy;
--   tech_loan_part takes those of them that are tech loans, by the month's flag of the borrower or by use.
-- source_zh: 数字经济产业贷款余额。补充口径：取投向数字经济产业的借据；科技贷款部分为其中借款人当月有标识或投向科技的
--   借据。
-- needs: month(month), bank_loan_month

WITH digital_note AS (
    SELECT * FROM bank_loan_month WHERE digital
),
figure AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) / 1e8 AS balance,
        CAST(
            COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0) AS DOUBLE
        ) / 1e8 AS tech_loan_part
    FROM month
    LEFT JOIN digital_note USING (month)
    GROUP BY GROUPING SETS ((month), (month, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
)
SELECT month AS period, cut, cut_value, component, value
FROM figure
UNPIVOT (value FOR component IN (balance, tech_loan_part))
