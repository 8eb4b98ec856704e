-- id: guarantor_tolerance_use
-- measure: 14
-- zh: 担保代偿容忍度使用
-- en: Use of the claim tolerance
-- period: year
-- component: gap | percentage point | not additive | 代偿率减容忍度 | Claim rate less tolerance
-- component: claim_rate | % | not additive | 代偿率 | Claim rate of the year
-- component: tolerance | % | not additive | 容忍度 | Tolerance
-- component: above | count | not additive | 超过容忍度的机构数 | Guarantors above their tolerance
-- cuts: total, guarantor
-- direction: none
-- target: <=0
-- source: metrics.csv: claim rate - tolerance. Decided where it is silent: guarantors that report a tolerance for the
--   year and released liability in it; claims paid over liability released in the calendar year, all their contracts.
--   The city's tolerance is theirs weighted by what they released; above counts guarantors above their own.
-- source_zh: 代偿率减容忍度。补充口径：取当年报送容忍度且有解除担保额的机构；代偿率为当年全部合同的代偿额除以解除担保
--   额。全市容忍度以各机构解除担保额加权；超过容忍度的机构数以各自容忍度为准。
-- needs: month(month), institution_year(institution_id, year, claim_tolerance), guarantee_settlement

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
settled AS (
    SELECT YEAR(quarter) AS year, guarantor_id, SUM(released) AS released, SUM(compensated) AS compensated
    FROM guarantee_settlement
    GROUP BY YEAR(quarter), guarantor_id
),
guarantor AS (
    SELECT
        period,
        guarantor_id,
        released,
        compensated,
        released * claim_tolerance AS tolerated,
        100 * compensated > released * claim_tolerance AS above
    FROM year
    JOIN institution_year ON year = YEAR(period)
    JOIN settled ON settled.year = institution_year.year AND guarantor_id = institution_id
    WHERE claim_tolerance IS NOT NULL AND released > 0
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN 'total' ELSE 'guarantor' END AS cut,
        COALESCE(CAST(guarantor_id AS VARCHAR), 'total') AS cut_value,
        SUM(released) AS released,
        SUM(compensated) AS compensated,
        SUM(tolerated) AS tolerated,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN COUNT(*) FILTER (WHERE above) END AS above
    FROM year
    LEFT JOIN guarantor USING (period)
    GROUP BY GROUPING SETS ((period), (period, guarantor_id))
    HAVING cut = 'total' OR guarantor_id IS NOT NULL
),
rate AS (
    SELECT
        *,
        100.0 * CAST(compensated AS DOUBLE) / NULLIF(CAST(released AS DOUBLE), 0) AS claim_rate,
        CAST(tolerated AS DOUBLE) / NULLIF(CAST(released AS DOUBLE), 0) AS tolerance
    FROM sums
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        claim_rate - tolerance AS gap,
        claim_rate,
        tolerance,
        CAST(above AS DOUBLE) AS above
    FROM rate
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
UNPIVOT INCLUDE NULLS (value FOR component IN (gap, claim_rate, tolerance, above))
WHERE cut = 'total' OR value IS NOT NULL
