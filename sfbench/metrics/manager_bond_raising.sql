-- id: manager_bond_raising
-- measure: 3
-- zh: 创投机构发债额
-- en: Bonds issued by fund managers
-- period: year
-- component: issued | CNY 100m | additive | 发行金额 | Amount issued
-- component: bonds | count | additive | 发行只数 | Bonds
-- component: issuers | count | additive | 发行机构家数 | Issuing managers
-- component: to_funds | CNY 100m | additive | 其中用于基金出资 | Of it for fund contributions
-- cuts: total
-- direction: up
-- source: metrics.csv: sum of bonds whose issuer is a fund manager. Decided where it is silent: by the day of issue,
--   at both venues and under both versions of the scope; issuers are distinct managers of the year; to_funds is the
--   part of each bond that goes into funds.
-- source_zh: 基金管理人发行的债券金额。补充口径：按发行日计，含两个交易场所和两版口径；发行机构家数按年去重；用于基金
--   出资的为各债券投向基金的部分。
-- needs: month(month), bond(bond_id, manager_id, issued_on, amount, fund_share)

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
manager_bond AS (
    SELECT
        YEAR(issued_on) AS year,
        bond_id,
        manager_id,
        amount,
        CAST(amount AS DOUBLE) * COALESCE(CAST(fund_share AS DOUBLE), 0) * 0.01 AS to_funds
    FROM bond
    WHERE manager_id IS NOT NULL
),
figure AS (
    SELECT
        period,
        CAST(COALESCE(SUM(amount), 0) AS DOUBLE) / 1e8 AS issued,
        COUNT(bond_id) AS bonds,
        COUNT(DISTINCT manager_id) AS issuers,
        COALESCE(SUM(to_funds), 0) / 1e8 AS to_funds
    FROM year_end
    LEFT JOIN manager_bond ON year = YEAR(period)
    GROUP BY period
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (issued, bonds, issuers, to_funds))
