-- id: access_rate
-- measure: 11
-- zh: 获贷率
-- en: Credit access rate
-- period: quarter
-- component: rate | % | not additive | 获贷率 | Access rate
-- component: rate_frozen | % | not additive | 获贷率(一年前名单) | Access rate of the list of 12 months earlier
-- component: borrowers | count | additive | 有贷企业数 | Listed firms with a loan
-- component: listed | count | additive | 名单企业数 | Listed firms
-- cuts: total, tag, district, size
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: listed tech enterprises with a loan / listed. Decided where it is silent: the list of a day
--   holds the city's firms that exist and are tech enterprises that day; borrowers are those with a balance at the
--   quarter end; rate_frozen asks it of the list of a year before, as it was then, firms that ended since included. A
--   firm stands under each in-scope tag that it holds on the list's day; the size is that of the latest year reported
--   by that day. A quarter end without any loan note has no rate.
-- source_zh: 有贷款的名单内科技型企业占名单企业的比例。补充口径：当日名单为当日存续且为科技型企业的本市企业；有贷企业
--   指季末有余额；一年前名单口径以一年前的名单为分母，含其后终止的企业。企业计入名单日所持的每个口径内标签；规模取截
--   至当日最近一次年报。没有借据的季末不计算。
-- needs: month(month), bank_loan_month, list_access_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
access AS (
    SELECT quarter, list_on, listed, borrowers, 'total' AS cut, 'total' AS cut_value
    FROM list_access_quarter
    WHERE tag = 'any'
    UNION ALL
    SELECT quarter, list_on, listed, borrowers, 'district', CAST(district AS VARCHAR)
    FROM list_access_quarter
    WHERE tag = 'any'
    UNION ALL
    SELECT quarter, list_on, listed, borrowers, 'size', size
    FROM list_access_quarter
    WHERE tag = 'any'
    UNION ALL
    SELECT quarter, list_on, listed, borrowers, 'tag', tag
    FROM list_access_quarter
    WHERE tag <> 'any'
    UNION ALL
    SELECT quarter, NULL, NULL, NULL, 'total', 'total'
    FROM quarter
),
list_sum AS (
    SELECT
        quarter,
        cut,
        cut_value,
        CAST(COALESCE(SUM(listed) FILTER (WHERE list_on = quarter), 0) AS DOUBLE) AS listed,
        CAST(COALESCE(SUM(borrowers) FILTER (WHERE list_on = quarter), 0) AS DOUBLE) AS borrowers,
        CAST(SUM(listed) FILTER (WHERE list_on < quarter) AS DOUBLE) AS frozen_listed,
        CAST(SUM(borrowers) FILTER (WHERE list_on < quarter) AS DOUBLE) AS frozen_borrowers
    FROM access
    GROUP BY quarter, cut, cut_value
),
-- A quarter end without any note has no balances: who owes is not known.
known AS (
    SELECT
        quarter,
        cut,
        cut_value,
        listed,
        frozen_listed,
        CASE WHEN quarter IN (SELECT month FROM bank_loan_month) THEN borrowers END AS borrowers,
        CASE WHEN quarter IN (SELECT month FROM bank_loan_month) THEN frozen_borrowers END AS frozen_borrowers
    FROM list_sum
),
figure AS (
    SELECT
        *,
        100.0 * borrowers / NULLIF(listed, 0) AS rate,
        100.0 * frozen_borrowers / NULLIF(frozen_listed, 0) AS rate_frozen
    FROM known
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_frozen, borrowers, listed))
