-- id: guarantee_claim_rate
-- measure: 14
-- zh: 代偿率
-- en: Claim rate
-- period: quarter
-- component: claim_rate | % | not additive | 本年累计代偿率 | Claims paid over liability released since January
-- component: claim_rate_quarter | % | not additive | 当季代偿率 | The same of the quarter alone
-- component: claim_rate_special_plan | % | not additive | 专项计划本年累计代偿率 | The same of the special plan since January
-- component: claims_paid | CNY 100m | additive | 本年累计代偿额 | Claims paid since January
-- component: released | CNY 100m | additive | 本年累计解除担保额 | Liability released since January
-- cuts: total, guarantor
-- direction: down
-- target: <=5
-- source: metrics.csv: claims paid / liability released. Decided where it is silent: both since 1 January, as the
--   industry counts; claims by the day they are paid, before recoveries and before what re-guarantors bear; released
--   is the liability of contracts released by repayment or by a claim. All contracts, tech or not.
-- source_zh: 代偿额占解除担保额的比例。补充口径：两者均自1月1日起累计，为行业口径；代偿按支付日计，不扣追偿，不扣再担
--   保分担；解除担保额为因还款或代偿而解除的合同责任。取全部合同，不限科技型企业。
-- needs: month(month), guarantee_settlement

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
settlement AS (
    SELECT period, quarter = period AS current, guarantor_id, special_plan, released, compensated
    FROM quarter
    JOIN guarantee_settlement ON YEAR(quarter) = YEAR(period) AND quarter <= period
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN 'total' ELSE 'guarantor' END AS cut,
        COALESCE(CAST(guarantor_id AS VARCHAR), 'total') AS cut_value,
        COALESCE(SUM(compensated), 0) AS compensated,
        COALESCE(SUM(released), 0) AS released,
        COALESCE(SUM(compensated) FILTER (WHERE current), 0) AS quarter_compensated,
        COALESCE(SUM(released) FILTER (WHERE current), 0) AS quarter_released,
        COALESCE(SUM(compensated) FILTER (WHERE special_plan), 0) AS special_compensated,
        COALESCE(SUM(released) FILTER (WHERE special_plan), 0) AS special_released
    FROM quarter
    LEFT JOIN settlement USING (period)
    GROUP BY GROUPING SETS ((period), (period, guarantor_id))
    HAVING cut = 'total' OR guarantor_id IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(compensated AS DOUBLE) / NULLIF(CAST(released AS DOUBLE), 0) AS claim_rate,
        100.0 * CAST(quarter_compensated AS DOUBLE) / NULLIF(CAST(quarter_released AS DOUBLE), 0)
            AS claim_rate_quarter,
        100.0 * CAST(special_compensated AS DOUBLE) / NULLIF(CAST(special_released AS DOUBLE), 0)
            AS claim_rate_special_plan,
        CAST(compensated AS DOUBLE) / 1e8 AS claims_paid,
        CAST(released AS DOUBLE) / 1e8 AS released
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (claim_rate, claim_rate_quarter, claim_rate_special_plan, claims_paid, released)
)
WHERE cut = 'total' OR value IS NOT NULL
