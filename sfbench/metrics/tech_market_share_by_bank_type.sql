-- id: tech_market_share_by_bank_type
-- measure: 7
-- zh: 科技贷款市场份额
-- en: Market share in tech loans
-- period: quarter
-- component: share | % | not additive | 市场份额 | Market share
-- component: balance | CNY 100m | additive | 科技贷款余额 | Tech loan balance
-- cuts: total, bank_type
-- direction: none
-- source: metrics.csv: tech loans of the bank type / tech loans of all banks. Decided where it is silent: loan notes at
--   the quarter end by the lender's type; the total is 100 wherever there is a tech loan.
-- source_zh: 某类银行科技贷款占全部银行科技贷款的比例。补充口径：取季末借据，按贷款银行类型计；有科技贷款时合计恒为
--   100。
-- needs: month(month), institution(institution_id, bank_type), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
bank_type_note AS (
    SELECT quarter, bank_type, balance_rmb
    FROM tech_loan_quarter
    JOIN institution ON institution.institution_id = tech_loan_quarter.institution_id
),
lending AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) AS balance_rmb
    FROM quarter
    LEFT JOIN bank_type_note USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank_type))
    HAVING GROUPING(bank_type) = 1 OR bank_type IS NOT NULL
),
market AS (
    SELECT *, MAX(balance_rmb) FILTER (WHERE cut = 'total') OVER (PARTITION BY quarter) AS city_rmb FROM lending
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * balance_rmb / NULLIF(city_rmb, 0) AS share,
        balance_rmb / 1e8 AS balance
    FROM market
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (share, balance))
