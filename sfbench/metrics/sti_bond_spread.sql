-- id: sti_bond_spread
-- measure: 5
-- zh: 科创债利差
-- en: Coupon spread of tech-innovation bonds
-- period: quarter
-- component: spread | bp | not additive | 加权利差 | Weighted spread
-- component: spread_median | bp | not additive | 利差中位数 | Median spread
-- component: bonds | count | not additive | 发行只数 | Bonds issued
-- cuts: total, rating, enhanced
-- direction: down
-- source: metrics.csv: coupon - same-tenor benchmark; weighted. Decided where it is silent: STI bonds issued in the
--   quarter; the spread of a bond is its coupon less the government yield of its first leg (months to the first option,
--   not to maturity), weighted by amount, and the median over bonds. A bond is enhanced if it has a guarantor or a
--   protection created on or before the day of issue; what came later did not price the issue.
-- source_zh: 票面利率减同期限基准收益率，加权计算。补充口径：取当季发行的科创债；利差为票面利率减首段期限（至首个行权
--   日，不至到期日）的国债收益率，按金额加权，中位数按债券计。发行日及以前有担保人或已创设信用保护的为增信债券，其后
--   的增信不影响发行定价。
-- needs: month(month), bond(bond_id, scope_version, issued_on, amount, coupon, benchmark_rate, bond_rating,
--   guarantor_id), credit_protection(bond_id, created_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
priced_protection AS (
    SELECT DISTINCT bond_id
    FROM credit_protection
    JOIN bond USING (bond_id)
    WHERE created_on <= issued_on
),
issue AS (
    SELECT
        period,
        bond_rating AS rating,
        CASE WHEN guarantor_id IS NULL AND protected.bond_id IS NULL THEN 'plain' ELSE 'enhanced' END AS enhanced,
        amount,
        100 * (coupon - benchmark_rate) AS spread
    FROM quarter
    JOIN bond ON DATE_TRUNC('quarter', issued_on) = DATE_TRUNC('quarter', period)
    LEFT JOIN priced_protection AS protected ON protected.bond_id = bond.bond_id
    WHERE scope_version IS NOT NULL
),
cut_issue AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, amount, spread FROM quarter LEFT JOIN issue USING (period)
    UNION ALL
    SELECT period, 'rating', rating, amount, spread FROM issue
    UNION ALL
    SELECT period, 'enhanced', enhanced, amount, spread FROM issue
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(SUM(CAST(amount AS DECIMAL(38, 2)) * spread) AS DOUBLE) / NULLIF(CAST(SUM(amount) AS DOUBLE), 0) AS spread,
        MEDIAN(CAST(spread AS DOUBLE)) AS spread_median,
        COUNT(amount) AS bonds
    FROM cut_issue
    GROUP BY period, cut, cut_value
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
UNPIVOT INCLUDE NULLS (value FOR component IN (spread, spread_median, bonds))
