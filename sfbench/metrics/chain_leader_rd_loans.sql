-- id: chain_leader_rd_loans
-- measure: 2
-- zh: 链主攻关及技改贷款
-- en: R&D and upgrade loans to chain leaders
-- period: quarter
-- component: balance | CNY 100m | additive | 余额 | Balance
-- component: rd_balance | CNY 100m | additive | 其中研发 | of it for R&D
-- component: upgrade_balance | CNY 100m | additive | 其中技术改造 | of it for upgrades
-- component: leaders | count | additive | 有余额的链主数 | Leaders that owe such a loan
-- cuts: total, chain
-- direction: up
-- source: metrics.csv: balance with R&D or upgrade purpose to firms whose role is leader. Decided where it is silent: a
--   leader has a link of that role in force and disclosed at the quarter end, in or out of the city; R&D if the purpose
--   says 研发 or the product is rd or policy_tech_rd, else upgrade if it says 技术改造 or the product is
--   equipment_renewal; buying plant is no upgrade; in total a note and a leader count once, in cut chain once in each
--   chain that the firm leads.
-- source_zh: 向链主企业发放的研发或技术改造用途贷款余额。补充口径：链主为季末链主关系有效且已披露的企业，含市外。用途
--   含“研发”，或产品为研发贷、科技研发类政策产品的，计为研发；其余用途含“技术改造”或产品为设备更新贷款的，计为技术改
--   造；购置厂房设备不属技术改造。合计中每笔借据、每家链主只计一次，按链分组时在其担任链主的每条链各计一次。
-- needs: month(month), chain_link(enterprise_id, chain, role, valid_from, valid_to, disclosed_on), leader_loan_quarter

WITH quarter_end AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
active_leader AS (
    SELECT DISTINCT quarter, chain, enterprise_id
    FROM quarter_end
    JOIN chain_link
        ON role = 'leader'
        AND valid_from <= quarter
        AND disclosed_on <= quarter
        AND COALESCE(valid_to, quarter) >= quarter
),
member AS (
    SELECT DISTINCT quarter, 'total' AS cut, 'total' AS cut_value, enterprise_id FROM active_leader
    UNION ALL
    SELECT quarter, 'chain', chain, enterprise_id FROM active_leader
),
figure AS (
    SELECT
        member.quarter,
        cut,
        cut_value,
        COALESCE(SUM(balance_rmb), 0) AS balance_rmb,
        COALESCE(SUM(balance_rmb) FILTER (WHERE kind = 'rd'), 0) AS rd_rmb,
        COALESCE(SUM(balance_rmb) FILTER (WHERE kind = 'upgrade'), 0) AS upgrade_rmb,
        COUNT(DISTINCT loan.enterprise_id) FILTER (WHERE balance_rmb > 0) AS leaders
    FROM member
    LEFT JOIN leader_loan_quarter AS loan
        ON loan.quarter = member.quarter AND loan.enterprise_id = member.enterprise_id
    GROUP BY member.quarter, cut, cut_value
),
every_quarter AS (
    SELECT quarter, 'total' AS cut, 'total' AS cut_value FROM quarter_end
    UNION
    SELECT quarter, cut, cut_value FROM figure
),
shown AS (
    SELECT
        quarter,
        cut,
        cut_value,
        COALESCE(CAST(balance_rmb AS DOUBLE), 0) / 1e8 AS balance,
        COALESCE(CAST(rd_rmb AS DOUBLE), 0) / 1e8 AS rd_balance,
        COALESCE(CAST(upgrade_rmb AS DOUBLE), 0) / 1e8 AS upgrade_balance,
        CAST(COALESCE(leaders, 0) AS DOUBLE) AS leaders
    FROM every_quarter
    LEFT JOIN figure USING (quarter, cut, cut_value)
)
SELECT quarter AS period, cut, cut_value, component, value, CAST(NULL AS VARCHAR) AS scope_version
FROM shown
UNPIVOT (value FOR component IN (balance, rd_balance, upgrade_balance, leaders))
