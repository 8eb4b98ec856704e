-- id: inclusive_tech_overlap
-- measure: 11
-- zh: 普惠与科技重叠贷款
-- en: Loans both inclusive and tech
-- period: month
-- component: balance | CNY 100m | additive | 重叠余额 | Balance
-- component: balance_10m | CNY 100m | additive | 重叠余额(千万元口径) | Balance on the threshold of 10 million throughout
-- component: borrowers | count | additive | 借款企业数 | Borrowers
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: tech-enterprise loans that are also inclusive. Decided where it is silent: flagged notes of
--   small and micro borrowers (size at grant) whose line at the bank is within the threshold; the line is the amount
--   granted under all notes there with a balance; the threshold is CNY 10 million on the 2024 scope of the bank's
--   report of the month and 20 million on that of 2025, and nothing counts without a report; balance_10m has no break.
-- source_zh: 兼属普惠口径的科技型企业贷款。补充口径：取有标识的小微企业借据（发放时规模），且借款人在该行的授信在门槛
--   以内；授信为该行有余额借据的发放金额之和；门槛随该行当月报表的口径版本，2024年版为1000万元，2025年版为2000万元，
--   无报表的不计；千万元口径无口径断点。
-- needs: month(month), inclusive_tech_month

WITH overlap AS (
    SELECT
        month.month,
        CASE WHEN institution_id IS NULL THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        CAST(COALESCE(balance_rmb, 0) AS DOUBLE) / 1e8 AS balance,
        CAST(COALESCE(balance_10m_rmb, 0) AS DOUBLE) / 1e8 AS balance_10m,
        CAST(COALESCE(borrowers, 0) AS DOUBLE) AS borrowers,
        scope_version
    FROM month
    LEFT JOIN inclusive_tech_month ON inclusive_tech_month.month = month.month
)
SELECT month AS period, cut, cut_value, component, value, scope_version
FROM overlap
UNPIVOT (value FOR component IN (balance, balance_10m, borrowers))
