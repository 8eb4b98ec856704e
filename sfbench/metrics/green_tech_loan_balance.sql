-- id: green_tech_loan_balance
-- measure: 12
-- zh: 绿色科技贷款余额
-- en: Loans both green and tech
-- period: month
-- component: balance | CNY 100m | additive | 绿色且科技贷款余额 | Balance of notes both green and tech
-- component: tech_enterprise_part | CNY 100m | additive | 其中科技型企业借款 | Of it lent to tech enterprises
-- component: tech_use_part | CNY 100m | additive | 其中投向科技相关产业 | Of it used in tech-related industries
-- component: share_of_green | % | not additive | 占绿色贷款比重 | Share of green loans
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: balance. Decided where it is silent: green notes that are tech loans (the borrower flagged in
--   the month, or by use), each note once; the two parts overlap and do not add up to the balance; share_of_green
--   divides by all green notes. Loan notes only: the banks' green loans without notes are in bank_month.
-- source_zh: 绿色且属科技的贷款余额。补充口径：取属科技贷款的绿色借据（借款人当月有标识，或投向科技），每笔只计一次；
--   两个“其中”项有重叠，不可加总为余额；占比以全部绿色借据为分母。只含借据；银行无借据的绿色贷款见bank_month表。
-- needs: month(month), bank_loan_month

WITH green_note AS (
    SELECT * FROM bank_loan_month WHERE green
),
amounts AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        COALESCE(SUM(balance_rmb), 0) AS green,
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise OR tech_use), 0) AS green_tech,
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise), 0) AS tech_enterprise,
        COALESCE(SUM(balance_rmb) FILTER (WHERE tech_use), 0) AS tech_use
    FROM month
    LEFT JOIN green_note USING (month)
    GROUP BY GROUPING SETS ((month), (month, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        month,
        cut,
        cut_value,
        CAST(green_tech AS DOUBLE) / 1e8 AS balance,
        CAST(tech_enterprise AS DOUBLE) / 1e8 AS tech_enterprise_part,
        CAST(tech_use AS DOUBLE) / 1e8 AS tech_use_part,
        100.0 * CAST(green_tech AS DOUBLE) / NULLIF(CAST(green AS DOUBLE), 0) AS share_of_green
    FROM amounts
)
SELECT
    month AS period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (balance, tech_enterprise_part, tech_use_part, share_of_green))
WHERE cut = 'total' OR value IS NOT NULL
