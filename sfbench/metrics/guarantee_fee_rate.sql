-- id: guarantee_fee_rate
-- measure: 14
-- zh: 担保费率
-- en: Guarantee fee
-- period: quarter
-- component: fee_rate | % | not additive | 科技型企业新增担保年化费率 | Yearly fee on new guarantees of tech enterprises
-- component: fee_rate_all | % | not additive | 全部新增担保年化费率 | On all new guarantees
-- component: fee_rate_special_plan | % | not additive | 专项计划新增担保年化费率 | On new special-plan guarantees
-- component: fee_rate_in_force | % | not additive | 科技型企业在保业务年化费率 | On guarantees of tech enterprises in force
-- cuts: total
-- direction: down
-- target: <=1
-- source: metrics.csv: weighted annual fee. Decided where it is silent: percent a year, weighted by the amount
--   guaranteed, re-guarantee fees apart. New contracts are those started in the quarter, of borrowers that are tech
--   enterprises on that day; in force are the contracts of guarantee_balance.
-- source_zh: 按担保金额加权的年化费率。补充口径：单位为每年百分比，以担保金额加权，再担保费另计。新增合同为当季起始、
--   借款人当日为科技型企业的合同；在保业务同科创担保余额的合同。
-- needs: month(month), guarantee_contract, guarantee_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
contract AS (
    SELECT period, 'fee_rate_all' AS component, guaranteed_amount, fee_rate, tech_at_start, special_plan
    FROM quarter
    JOIN guarantee_contract ON DATE_TRUNC('quarter', started_on) = DATE_TRUNC('quarter', period)
),
fee AS (
    SELECT period, component, guaranteed_amount, fee_rate FROM contract
    UNION ALL
    SELECT period, 'fee_rate', guaranteed_amount, fee_rate FROM contract WHERE tech_at_start
    UNION ALL
    SELECT period, 'fee_rate_special_plan', guaranteed_amount, fee_rate FROM contract WHERE special_plan
    UNION ALL
    SELECT quarter, 'fee_rate_in_force', guaranteed_amount, fee_rate FROM guarantee_quarter WHERE tech_enterprise
),
wanted AS (
    SELECT period, component
    FROM quarter
    CROSS JOIN (
        VALUES ('fee_rate'), ('fee_rate_all'), ('fee_rate_special_plan'), ('fee_rate_in_force')
    ) AS part (component)
),
rate AS (
    SELECT
        period,
        component,
        CAST(SUM(CAST(guaranteed_amount AS DECIMAL(38, 2)) * fee_rate) AS DOUBLE)
        / NULLIF(CAST(SUM(guaranteed_amount) AS DOUBLE), 0) AS value
    FROM wanted
    LEFT JOIN fee USING (period, component)
    GROUP BY period, component
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM rate
