-- id: bond_guarantee_fee
-- measure: 5
-- zh: 发债担保费率
-- en: Bond guarantee fee
-- period: quarter
-- component: fee | % | not additive | 新发债加权担保费率 | Weighted fee of new issues
-- component: fee_with_ip_backed | % | not additive | 新发债加权担保费率(含知识产权证券化) | Weighted fee with IP-backed securities
-- component: fee_outstanding | % | not additive | 存量加权担保费率 | Weighted fee of bonds outstanding
-- component: guaranteed_issuance | CNY 100m | additive | 有担保发行额 | Guaranteed issuance
-- cuts: total
-- direction: down
-- source: metrics.csv: weighted annual fee. Decided where it is silent: the yearly fee weighted by amount over bonds
--   with a guarantor, who guarantees the whole bond. fee and guaranteed_issuance take STI bonds (with a scope version)
--   issued in the quarter, fee_with_ip_backed all bonds issued in it, fee_outstanding the STI bonds outstanding at its
--   end; a bond in default stays outstanding.
-- source_zh: 发债担保的加权年化费率。补充口径：以有担保人（全额担保）的债券金额加权。新发债费率和有担保发行额取当季发
--   行的科创债（带口径版本），含知识产权证券化口径取当季全部债券，存量费率取季末存续的科创债；违约债券仍属存续。
-- needs: month(month), bond(scope_version, issued_on, redeemed_on, amount, guarantor_id, guarantee_fee)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
guaranteed AS (
    SELECT
        period,
        scope_version IS NOT NULL AS sti,
        DATE_TRUNC('quarter', issued_on) = DATE_TRUNC('quarter', period) AS new,
        redeemed_on IS NULL OR redeemed_on > period AS outstanding,
        amount,
        CAST(amount AS DECIMAL(38, 2)) * guarantee_fee AS weighted
    FROM quarter
    JOIN bond ON issued_on <= period
    WHERE guarantor_id IS NOT NULL
),
sums AS (
    SELECT
        period,
        SUM(weighted) FILTER (WHERE sti AND new) AS new_weighted,
        SUM(amount) FILTER (WHERE sti AND new) AS new_amount,
        SUM(weighted) FILTER (WHERE new) AS all_new_weighted,
        SUM(amount) FILTER (WHERE new) AS all_new_amount,
        SUM(weighted) FILTER (WHERE sti AND outstanding) AS stock_weighted,
        SUM(amount) FILTER (WHERE sti AND outstanding) AS stock_amount
    FROM quarter
    LEFT JOIN guaranteed USING (period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        CAST(new_weighted AS DOUBLE) / NULLIF(CAST(new_amount AS DOUBLE), 0) AS fee,
        CAST(all_new_weighted AS DOUBLE) / NULLIF(CAST(all_new_amount AS DOUBLE), 0) AS fee_with_ip_backed,
        CAST(stock_weighted AS DOUBLE) / NULLIF(CAST(stock_amount AS DOUBLE), 0) AS fee_outstanding,
        CAST(COALESCE(new_amount, 0) AS DOUBLE) / 1e8 AS guaranteed_issuance
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (fee, fee_with_ip_backed, fee_outstanding, guaranteed_issuance))
