-- id: funds_flow_loans
-- measure: 11
-- zh: 资金流信息促成贷款
-- en: Loans using funds-flow information
-- period: quarter
-- component: first_loans | count | additive | 首贷笔数 | First loans
-- component: first_amount | CNY 100m | additive | 首贷金额 | Amount of first loans
-- component: loans | count | additive | 全部贷款笔数 | All loans
-- component: amount | CNY 100m | additive | 全部贷款金额 | Amount of all loans
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: loans after a query with funds-flow information. Decided where it is silent: notes granted on
--   the day of such a query of the lender about the firm, of any purpose, or within 30 days; loans are distinct
--   contracts by the quarter of grant. It says that a query came before, not that it was the reason.
-- source_zh: 经资金流信息查询后发放的贷款。补充口径：贷款银行查询该企业资金流信息（不限用途）当日或其后30日内发放的借
--   据；笔数按合同去重，计入放款季度。只说明查询在先，不说明因查询而放款。
-- needs: month(month), funds_flow_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
figure AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(COALESCE(SUM(first_contracts), 0) AS DOUBLE) AS first_loans,
        CAST(COALESCE(SUM(first_amount_rmb), 0) AS DOUBLE) / 1e8 AS first_amount,
        CAST(COALESCE(SUM(contracts), 0) AS DOUBLE) AS loans,
        CAST(COALESCE(SUM(amount_rmb), 0) AS DOUBLE) / 1e8 AS amount
    FROM quarter
    LEFT JOIN funds_flow_quarter USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
)
SELECT quarter AS period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (first_loans, first_amount, loans, amount))
