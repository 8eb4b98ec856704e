-- id: carbon_account_coverage
-- measure: 12
-- zh: 碳账户覆盖率
-- en: Coverage of carbon accounts
-- period: quarter
-- component: coverage | % | not additive | 有有效碳账户的绿色贷款企业占比 | Green borrowers with a valid account
-- component: coverage_ever | % | not additive | 曾有碳账户的绿色贷款企业占比 | Green borrowers that ever had an account
-- component: coverage_balance | % | not additive | 有有效碳账户企业的绿色贷款占比 | Share of the green balance with a valid account
-- component: accounts | count | additive | 有效碳账户企业数 | Firms with a valid account
-- component: green_borrowers | count | additive | 绿色贷款企业数 | Green borrowers
-- cuts: total
-- direction: up
-- source: metrics.csv: firms with an account / green borrowers. Decided where it is silent: green borrowers are
--   distinct firms with a green note that has a balance at the quarter's end; an account is valid from the day of the
--   rating to the last day of validity, and a firm ever had one from its first rating. coverage_balance divides green
--   balances; accounts are all firms that exist and have a valid account, borrowers or not.
-- source_zh: 有碳账户的企业占绿色贷款企业的比例。补充口径：绿色贷款企业为季末有绿色借据余额的企业（去重）；账户自评级
--   日起至有效期末日止为有效，首次评级起即为曾有账户。绿色贷款占比以绿色贷款余额为分母；有效碳账户企业数取全部未注销
--   企业，不论有无贷款。
-- needs: month(month), carbon_account_span, green_note, balance_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
green_borrower AS (
    SELECT month AS period, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM balance_quarter
    JOIN green_note USING (loan_id)
    WHERE balance_rmb > 0
    GROUP BY month, enterprise_id
),
account AS (
    SELECT period, enterprise_id, BOOL_OR(last_day >= period) AS valid
    FROM quarter
    JOIN carbon_account_span ON first_day <= period
    GROUP BY period, enterprise_id
),
valid_account AS (
    SELECT period, COUNT(*) AS accounts FROM account WHERE valid GROUP BY period
),
sums AS (
    SELECT
        period,
        COUNT(green_borrower.enterprise_id) AS borrowers,
        COUNT(green_borrower.enterprise_id) FILTER (WHERE valid) AS with_account,
        COUNT(green_borrower.enterprise_id) FILTER (WHERE valid IS NOT NULL) AS ever_with_account,
        SUM(balance_rmb) AS balance_rmb,
        COALESCE(SUM(balance_rmb) FILTER (WHERE valid), 0) AS balance_with_account
    FROM quarter
    LEFT JOIN green_borrower USING (period)
    LEFT JOIN account USING (period, enterprise_id)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(with_account AS DOUBLE) / NULLIF(CAST(borrowers AS DOUBLE), 0) AS coverage,
        100.0 * CAST(ever_with_account AS DOUBLE) / NULLIF(CAST(borrowers AS DOUBLE), 0) AS coverage_ever,
        100.0 * CAST(balance_with_account AS DOUBLE) / NULLIF(CAST(balance_rmb AS DOUBLE), 0) AS coverage_balance,
        CAST(COALESCE(accounts, 0) AS DOUBLE) AS accounts,
        CAST(borrowers AS DOUBLE) AS green_borrowers
    FROM sums
    LEFT JOIN valid_account USING (period)
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (coverage, coverage_ever, coverage_balance, accounts, green_borrowers)
)
