-- id: guarantor_fiscal_support
-- measure: 14
-- zh: 担保机构财政支持
-- en: Fiscal support of guarantors
-- period: year
-- component: support | CNY 100m | additive | 财政支持合计 | Support paid
-- component: support_city | CNY 100m | additive | 其中市级 | Of it by the city
-- component: support_district | CNY 100m | additive | 其中区级 | Of it by districts
-- component: support_to_liability | % | not additive | 财政支持与在保责任之比 | Support over liability in force
-- cuts: total, kind
-- direction: up
-- source: metrics.csv: capital; risk compensation; awards paid by city and district; / liability in force. Decided
--   where it is silent: by the day paid, not by budget year, to guarantors and re-guarantors; liability in force at
--   the year's end is that of all borrowers, for a kind of support too.
-- source_zh: 市、区两级拨付的资本金、风险补偿和奖补，及其与在保责任之比。补充口径：按拨付日计，不按预算年度，对象为担
--   保和再担保机构；分母为年末对全部借款人的在保责任，按支持类别分组时亦同。
-- needs: month(month), institution(institution_id, kind), fiscal_support(institution_id, kind, level, amount,
--   paid_on), guarantee_quarter

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
support AS (
    SELECT period, fiscal_support.kind, level, amount
    FROM year
    JOIN fiscal_support ON YEAR(paid_on) = YEAR(period)
    JOIN institution ON institution.institution_id = fiscal_support.institution_id
    WHERE institution.kind IN ('guarantor', 'reguarantor')
),
liability AS (
    SELECT quarter AS period, SUM(guaranteed_amount) AS in_force FROM guarantee_quarter GROUP BY quarter
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(kind) = 1 THEN 'total' ELSE 'kind' END AS cut,
        COALESCE(kind, 'total') AS cut_value,
        COALESCE(SUM(amount), 0) AS support,
        COALESCE(SUM(amount) FILTER (WHERE level = 'city'), 0) AS city_support,
        COALESCE(SUM(amount) FILTER (WHERE level = 'district'), 0) AS district_support
    FROM year
    LEFT JOIN support USING (period)
    GROUP BY GROUPING SETS ((period), (period, kind))
    HAVING cut = 'total' OR kind IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(support AS DOUBLE) / 1e8 AS support,
        CAST(city_support AS DOUBLE) / 1e8 AS support_city,
        CAST(district_support AS DOUBLE) / 1e8 AS support_district,
        100.0 * CAST(support AS DOUBLE) / NULLIF(CAST(in_force AS DOUBLE), 0) AS support_to_liability
    FROM sums
    LEFT JOIN liability USING (period)
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
UNPIVOT INCLUDE NULLS (value FOR component IN (support, support_city, support_district, support_to_liability))
WHERE cut = 'total' OR value IS NOT NULL
