-- id: sti_bond_coverage
-- measure: 0
-- zh: 科创债发行主体覆盖面
-- en: Coverage of tech-innovation bond issuers
-- period: quarter
-- component: issuers | count | not additive | 发行主体数 | Issuers
-- component: share | % | not additive | 占合格主体比例 | Share of eligible issuers
-- component: firm_issuers | count | additive | 企业类发行主体数 | Issuers that are firms or fund managers
-- cuts: total, issuer_type
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: distinct issuers in the trailing 12 months; and as a share of eligible issuers. Decided where it
--   is silent: issuers of STI bonds (with a scope version) in the 12 calendar months that end with the period. Eligible
--   on its last day: tech enterprises of the city, fund managers on the register, banks, brokers and asset-investment
--   companies. share: issuers that are eligible over all eligible; an issuer whose tag has ended is an issuer and not
--   in the share. Issuers mix firms, which scale, with institutions, which do not: not additive. Scope and target as
--   in sti_bond_variety.
-- source_zh: 近12个月发行主体数（去重），及其占合格主体的比例。补充口径：取截至当期的12个自然月内发行科创债（带口径版
--   本）的主体。合格主体以期末日为准，包括本市科技型企业、已登记的基金管理人、银行、证券公司和金融资产投资公司。占比
--   为属于合格主体的发行主体除以全部合格主体；科技型企业标签已失效的，计入发行主体数，不计入占比。企业数随规模变动而
--   机构数不变，故不可加总。口径和目标比较同科创债品种数。
-- needs: month(month), bond(issuer_type, enterprise_id, manager_id, institution_id, scope_version, issued_on),
--   fund_manager(manager_id, registered_on, deregistered_on), institution(institution_id, kind, founded_on),
--   tech_firm_span

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
issuer AS (
    SELECT DISTINCT period, issuer_type, COALESCE(enterprise_id, manager_id, institution_id) AS issuer_id
    FROM quarter
    JOIN bond ON issued_on > LAST_DAY(period - INTERVAL 12 MONTH) AND issued_on <= period
    WHERE scope_version IS NOT NULL
),
eligible AS (
    SELECT period, 'tech_firm' AS issuer_type, enterprise_id AS issuer_id
    FROM quarter
    JOIN tech_firm_span ON period BETWEEN first_day AND last_day
    UNION ALL
    SELECT period, 'equity_investor', manager_id
    FROM quarter
    JOIN fund_manager ON registered_on <= period AND (deregistered_on IS NULL OR deregistered_on > period)
    UNION ALL
    SELECT period, 'financial', institution_id
    FROM quarter
    JOIN institution ON founded_on <= period
    WHERE kind IN ('bank', 'broker', 'aic')
),
-- A row for every type in every quarter, so that a type without issues shows its zero.
type_count AS (
    SELECT period, issuer_type, 0 AS issuers, 0 AS eligible, 0 AS eligible_issuers
    FROM quarter
    CROSS JOIN (VALUES ('tech_firm'), ('equity_investor'), ('financial')) AS type (issuer_type)
    UNION ALL
    SELECT period, issuer_type, COUNT(*), 0, 0
    FROM issuer
    GROUP BY period, issuer_type
    UNION ALL
    SELECT period, issuer_type, 0, COUNT(*), COUNT(issuer.issuer_id)
    FROM eligible
    LEFT JOIN issuer USING (period, issuer_type, issuer_id)
    GROUP BY period, issuer_type
),
cut_count AS (
    SELECT
        period,
        CASE WHEN GROUPING(issuer_type) = 1 THEN 'total' ELSE 'issuer_type' END AS cut,
        CASE WHEN GROUPING(issuer_type) = 1 THEN 'total' ELSE issuer_type END AS cut_value,
        SUM(issuers) AS issuers,
        COALESCE(SUM(issuers) FILTER (WHERE issuer_type IN ('tech_firm', 'equity_investor')), 0) AS firm_issuers,
        SUM(eligible) AS eligible,
        SUM(eligible_issuers) AS eligible_issuers
    FROM type_count
    GROUP BY GROUPING SETS ((period), (period, issuer_type))
),
figure AS (
    SELECT
        *,
        100.0 * CAST(eligible_issuers AS DOUBLE) / NULLIF(CAST(eligible AS DOUBLE), 0) AS share
    FROM cut_count
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN YEAR(period) * 12 + MONTH(period) >= 2025 * 12 + 5 THEN '2025' ELSE '2022' END AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (issuers, share, firm_issuers))
WHERE cut = 'total' OR value IS NOT NULL
