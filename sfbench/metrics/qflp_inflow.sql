-- id: qflp_inflow
-- measure: 10
-- zh: QFLP规模
-- en: QFLP
-- period: quarter
-- component: inflow | USD 100m | additive | 当季流入 | Inflow of the quarter
-- component: inflow_to_date | USD 100m | additive | 累计流入 | Inflow to date
-- component: quota | USD 100m | additive | 有效额度 | Quota in force
-- component: quota_use | % | not additive | 额度使用率 | Use of the quota
-- component: managers | count | not additive | 试点管理人数 | Managers
-- component: funds | count | not additive | 已入资基金数 | Funds with foreign money
-- component: tech_share | % | not additive | 投向科技型企业金额占比 | Share invested in tech enterprises by amount
-- component: tech_share_deals | % | not additive | 投向科技型企业项目占比 | Share invested in tech enterprises by number
-- cuts: total
-- direction: up
-- source: metrics.csv: managers; funds; quota; inflow; share invested in tech firms. Decided where it is silent: quotas
--   approved and not replaced by the quarter's end (a total quota replaces single ones, the two are never added).
--   Inflow, inflow to date and funds are what the managers report for the quarter. The shares take all deals that QFLP
--   funds closed up to then and that put up money (a guarantee puts up none), with the flag of the investee at the
--   deal; money of domestic partners is in them, because money is not earmarked. Managers of total quotas are fixed
--   rows: not additive.
-- source_zh: 管理人、基金、额度、流入，以及投向科技型企业的占比。补充口径：取截至季末已批准且未被替换的额度（总额度替
--   换单只额度，两者不相加）。流入、累计流入和基金数为管理人当季报送数。占比取QFLP基金截至当时完成的全部出资投资（担
--   保不出资），以投资时标识为准；资金不指定用途，故含境内合伙人资金。总额度管理人为固定记录，不可加总。
-- needs: month(month), qflp(manager_id, approved_on, replaced_on, quota_usd), qflp_inflow(quarter, funds, inflow_usd,
--   inflow_to_date_usd), fund(fund_id, currency_mode), deal(fund_id, closed_on, amount, investee_tech)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
quota AS (
    SELECT period, COALESCE(SUM(quota_usd), 0) AS quota, COUNT(DISTINCT manager_id) AS managers
    FROM quarter
    LEFT JOIN qflp ON approved_on <= period AND (replaced_on IS NULL OR replaced_on > period)
    GROUP BY period
),
inflow AS (
    SELECT
        period,
        COALESCE(SUM(inflow_usd), 0) AS inflow,
        COALESCE(SUM(inflow_to_date_usd), 0) AS inflow_to_date,
        COALESCE(SUM(funds), 0) AS funds
    FROM quarter
    LEFT JOIN qflp_inflow ON quarter = period
    GROUP BY period
),
qflp_deal AS (
    SELECT closed_on, amount, investee_tech
    FROM deal
    JOIN fund USING (fund_id)
    WHERE currency_mode = 'qflp' AND amount > 0
),
invested AS (
    SELECT
        period,
        COUNT(amount) AS deals,
        COUNT(*) FILTER (WHERE investee_tech) AS tech_deals,
        SUM(amount) AS amount,
        COALESCE(SUM(amount) FILTER (WHERE investee_tech), 0) AS tech_amount
    FROM quarter
    LEFT JOIN qflp_deal ON closed_on <= period
    GROUP BY period
),
figure AS (
    SELECT
        period,
        CAST(inflow AS DOUBLE) / 1e8 AS inflow,
        CAST(inflow_to_date AS DOUBLE) / 1e8 AS inflow_to_date,
        CAST(quota AS DOUBLE) / 1e8 AS quota,
        100.0 * CAST(inflow_to_date AS DOUBLE) / NULLIF(CAST(quota AS DOUBLE), 0) AS quota_use,
        managers,
        funds,
        100.0 * CAST(tech_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS tech_share,
        100.0 * CAST(tech_deals AS DOUBLE) / NULLIF(CAST(deals AS DOUBLE), 0) AS tech_share_deals
    FROM quota
    JOIN inflow USING (period)
    JOIN invested USING (period)
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (
        inflow, inflow_to_date, quota, quota_use, managers, funds, tech_share, tech_share_deals
    )
)
