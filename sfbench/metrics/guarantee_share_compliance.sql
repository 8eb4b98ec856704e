-- id: guarantee_share_compliance
-- measure: 14
-- zh: 风险分担合规率
-- en: Compliance of risk shares
-- period: quarter
-- component: compliance | % | not additive | 在保专项计划合同合规率 | Special-plan contracts in force that keep the rules
-- component: compliance_new | % | not additive | 当季新签合同合规率 | Of the contracts started in the quarter
-- component: contracts | count | additive | 在保专项计划合同数 | Special-plan contracts in force
-- component: breaches | count | additive | 其中不合规 | Of them in breach
-- cuts: total
-- direction: up
-- target: >=100
-- source: metrics.csv: special-plan contracts whose shares sum to 100% with bank >= 20% and caps kept / special-plan
--   contracts. Decided where it is silent: caps are the national fund's share by class (40, 35, 30 %), the provincial
--   tier's floor of 20 % and CNY 30 million of special-plan principal per borrower on the day of the start. A breach
--   is a property of the contract and does not heal. compliance takes contracts in force at the quarter's end,
--   compliance_new those started in the quarter.
-- source_zh: 分担比例合计100%、银行不低于20%且不超各项上限的专项计划合同占专项计划合同的比例。补充口径：上限为国家融
--   资担保基金按类别的分担比例（40%、35%、30%）、省级下限20%、起始日单户专项计划本金3000万元。违规为合同属性，不因其
--   后变化而消除。在保口径取季末在保合同，新签口径取当季起始合同。
-- needs: month(month), guarantee_contract, guarantee_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
contract AS (
    SELECT quarter AS period, TRUE AS in_force, keeps_rules
    FROM guarantee_quarter
    WHERE special_plan
    UNION ALL
    SELECT period, FALSE, keeps_rules
    FROM quarter
    JOIN guarantee_contract ON DATE_TRUNC('quarter', started_on) = DATE_TRUNC('quarter', period)
    WHERE special_plan
),
counts AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE in_force) AS contracts,
        COUNT(*) FILTER (WHERE in_force AND keeps_rules) AS compliant,
        COUNT(*) FILTER (WHERE NOT in_force) AS new_contracts,
        COUNT(*) FILTER (WHERE NOT in_force AND keeps_rules) AS new_compliant
    FROM quarter
    LEFT JOIN contract USING (period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        100.0 * CAST(compliant AS DOUBLE) / NULLIF(CAST(contracts AS DOUBLE), 0) AS compliance,
        100.0 * CAST(new_compliant AS DOUBLE) / NULLIF(CAST(new_contracts AS DOUBLE), 0) AS compliance_new,
        CAST(contracts AS DOUBLE) AS contracts,
        CAST(contracts - compliant AS DOUBLE) AS breaches
    FROM counts
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
UNPIVOT INCLUDE NULLS (value FOR component IN (compliance, compliance_new, contracts, breaches))
