-- id: bond_holding_share
-- measure: 5
-- zh: 金融机构持有占比
-- en: Share of STI bonds held by institutions
-- period: quarter
-- component: share | % | not additive | 金融机构持有占比 | Share held by financial institutions
-- component: bank_share | % | not additive | 银行自营持有占比 | Share held by banks
-- component: holding | CNY 100m | additive | 持有面值 | Face value held
-- component: outstanding | CNY 100m | additive | 存续面值 | Face value outstanding
-- cuts: total, holder_type
-- direction: up
-- source: metrics.csv: holdings by institution type / outstanding. Decided where it is silent: positions at the
--   quarter's end in STI bonds outstanding then, over the amount of all STI bonds outstanding (from the bonds, so that
--   an unreported position lowers the share). Financial institutions are banks, brokers, insurers, wealth managers and
--   asset-investment companies; credit-enhancement companies are not. The cut shows every kind of holder.
-- source_zh: 各类机构持有面值占存续面值的比例。补充口径：分子为季末对存续科创债的持仓，分母为全部存续科创债面值（取自
--   债券表，故漏报持仓会使占比偏低）。金融机构含银行、证券公司、保险公司、理财机构和金融资产投资公司，不含信用增进公
--   司。分组列出各类持有人。
-- needs: month(month), bond(bond_id, scope_version, issued_on, redeemed_on, amount), bond_holding(bond_id, quarter_end,
--   holder_id, amount), institution(institution_id, kind)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
outstanding_bond AS (
    SELECT period, bond_id, amount
    FROM quarter
    JOIN bond ON issued_on <= period AND (redeemed_on IS NULL OR redeemed_on > period)
    WHERE scope_version IS NOT NULL
),
face AS (
    SELECT period, COALESCE(SUM(amount), 0) AS outstanding
    FROM quarter
    LEFT JOIN outstanding_bond USING (period)
    GROUP BY period
),
position AS (
    SELECT period, kind AS holder_type, SUM(bond_holding.amount) AS held
    FROM bond_holding
    JOIN outstanding_bond ON outstanding_bond.bond_id = bond_holding.bond_id AND period = quarter_end
    JOIN institution ON institution_id = holder_id
    GROUP BY period, kind
),
amounts AS (
    SELECT
        period,
        'total' AS cut,
        'total' AS cut_value,
        outstanding AS base,
        outstanding,
        COALESCE(
            SUM(held) FILTER (WHERE holder_type IN ('bank', 'broker', 'insurer', 'wealth_manager', 'aic')), 0
        ) AS held,
        COALESCE(SUM(held) FILTER (WHERE holder_type = 'bank'), 0) AS bank_held
    FROM face
    LEFT JOIN position USING (period)
    GROUP BY period, outstanding
    UNION ALL
    SELECT period, 'holder_type', holder_type, outstanding, NULL, held, NULL
    FROM face
    JOIN position USING (period)
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(held AS DOUBLE) / NULLIF(CAST(base AS DOUBLE), 0) AS share,
        100.0 * CAST(bank_held AS DOUBLE) / NULLIF(CAST(base AS DOUBLE), 0) AS bank_share,
        CAST(held AS DOUBLE) / 1e8 AS holding,
        CAST(outstanding AS DOUBLE) / 1e8 AS outstanding
    FROM amounts
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, bank_share, holding, outstanding))
WHERE cut = 'total' OR value IS NOT NULL
