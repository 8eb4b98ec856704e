-- id: cross_border_quota_use
-- measure: 10
-- zh: 跨境融资便利化额度使用率
-- en: Use of cross-border facility quota
-- period: quarter
-- component: use | % | not additive | 额度使用率 | Use of the quota
-- component: use_qualified | % | not additive | 额度使用率(仍具资格企业) | Use by firms still qualified
-- component: debt | USD 100m | additive | 外债余额 | External debt outstanding
-- component: quota | USD 100m | additive | 便利化额度 | Quota in force
-- component: firms | count | additive | 获批企业数 | Firms with a facility
-- component: borrowers | count | additive | 借款企业数 | Firms with debt outstanding
-- cuts: total, qualification
-- direction: up
-- source: metrics.csv: outstanding external debt / quota. Decided where it is silent: facilities in force at the
--   quarter's end, registered and not replaced by then, of firms that exist; the debt is the balance in dollars of
--   their rows at that day (none without a row). use_qualified takes facilities whose row says that the firm still
--   holds a qualification. The cut is the qualification held at registration, not today's. USD 100m are 1e8 dollars.
-- source_zh: 外债余额占便利化额度的比例。补充口径：取季末有效的额度，即截至季末已登记且未被替换、企业未注销；外债为该
--   记录当日的美元余额（无记录的为0）。仍具资格口径取记录载明企业仍具资格的额度。分组按登记时的资格，不按现时资格。金
--   额单位为亿美元。
-- needs: month(month), facility_span, cross_border_debt(facility_id, quarter, qualified, balance_usd)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
facility AS (
    SELECT
        period,
        facility.enterprise_id,
        qualification,
        facility.quota_usd,
        balance_usd,
        COALESCE(qualified, FALSE) AS qualified
    FROM quarter
    JOIN facility_span AS facility ON first_day <= period AND (over_on IS NULL OR over_on > period)
    LEFT JOIN cross_border_debt AS debt ON debt.facility_id = facility.facility_id AND quarter = period
),
cut_facility AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, facility.* EXCLUDE (period)
    FROM quarter
    LEFT JOIN facility USING (period)
    UNION ALL
    SELECT period, 'qualification', qualification, facility.* EXCLUDE (period)
    FROM facility
),
sums AS (
    SELECT
        period,
        cut,
        cut_value,
        COALESCE(SUM(quota_usd), 0) AS quota,
        COALESCE(SUM(balance_usd), 0) AS debt,
        SUM(quota_usd) FILTER (WHERE qualified) AS qualified_quota,
        SUM(balance_usd) FILTER (WHERE qualified) AS qualified_debt,
        COUNT(DISTINCT enterprise_id) AS firms,
        COUNT(DISTINCT enterprise_id) FILTER (WHERE balance_usd > 0) AS borrowers
    FROM cut_facility
    GROUP BY period, cut, cut_value
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(debt AS DOUBLE) / NULLIF(CAST(quota AS DOUBLE), 0) AS use,
        100.0 * CAST(qualified_debt AS DOUBLE) / NULLIF(CAST(qualified_quota AS DOUBLE), 0) AS use_qualified,
        CAST(debt AS DOUBLE) / 1e8 AS debt,
        CAST(quota AS DOUBLE) / 1e8 AS quota,
        firms,
        borrowers
    FROM sums
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (use, use_qualified, debt, quota, firms, borrowers))
WHERE cut = 'total' OR value IS NOT NULL
