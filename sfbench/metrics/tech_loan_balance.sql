-- id: tech_loan_balance
-- measure: 0
-- zh: 科技贷款余额
-- en: Total tech loan balance
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, bank, district
-- direction: up
-- target: >22000 by 2027-12
-- source: metrics.csv: union of tech-enterprise loans and tech-related-industry loans; each loan note once. Decided
--   where it is silent: the union is taken note by note at each month end; the district is the borrower's registered
--   one; a bank with loan notes and no tech loan has the value 0, a month without any loan note has none.
-- source_zh: 科技型企业贷款与科技相关产业贷款的并集，每笔借据只计一次。补充口径：逐月末、逐笔取并集；所属区为借款人注
--   册地；有借据而无科技贷款的银行取0，没有借据的月份不取值。
-- needs: month(month), loan_month, bank_loan_month

WITH tech_note AS (
    SELECT * FROM loan_month WHERE tech_enterprise OR tech_use
),
balance AS (
    SELECT
        month,
        'total' AS cut,
        'total' AS cut_value,
        CASE
            WHEN COUNT(institution_id) > 0 THEN COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0)
        END AS balance_rmb
    FROM month
    LEFT JOIN bank_loan_month USING (month)
    GROUP BY month
    UNION ALL
    SELECT
        month,
        'bank',
        CAST(institution_id AS VARCHAR),
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0)
    FROM bank_loan_month
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'district', district, SUM(balance_rmb)
    FROM tech_note
    GROUP BY month, district
)
SELECT month AS period, cut, cut_value, 'balance' AS component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value
FROM balance
