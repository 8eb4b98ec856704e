-- id: sti_bond_variety
-- measure: 0
-- zh: 科创债品种数
-- en: Variety of tech-innovation bond products
-- period: quarter
-- component: varieties | count | not additive | 品种数 | Varieties
-- component: varieties_scope_2025 | count | not additive | 品种数(2025年口径) | Varieties on the 2025 scope
-- component: varieties_with_ip_backed | count | not additive | 品种数(含知识产权证券化) | Varieties with IP-backed securities
-- cuts: total
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: distinct (issuer type x instrument type) issued in the trailing 12 months. Decided where it is
--   silent: kinds are pairs of issuer type and instrument of STI bonds, which are the bonds with a scope version,
--   issued in the 12 calendar months that end with the period. A bond counts under the scope in force when it was
--   issued; varieties_scope_2025 takes the scope of 2025 alone, so that the new scope is not read as new products;
--   varieties_with_ip_backed takes all rows. The scope of a figure is the one in force at its period's end (that of
--   2025 from 2025-05 on), and the target compares figures of one scope only.
-- source_zh: 近12个月发行的品种数（发行主体类型×债券品种，去重）。补充口径：取截至当期的12个自然月内发行的科创债（带
--   口径版本），按发行主体类型与债券品种的组合计数。债券按发行时有效的口径归类；2025年口径只取2025年版，以免把口径扩
--   大误读为新增品种；含知识产权证券化口径取全部记录。指标口径以期末有效者为准（2025年口径自2025年5月起），目标只在同
--   一口径内比较。
-- needs: month(month), bond(issuer_type, instrument, scope_version, issued_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
issued AS (
    SELECT period, scope_version, issuer_type || ' ' || instrument AS variety
    FROM quarter
    LEFT JOIN bond ON issued_on > LAST_DAY(period - INTERVAL 12 MONTH) AND issued_on <= period
),
figure AS (
    SELECT
        period,
        COUNT(DISTINCT variety) FILTER (WHERE scope_version IS NOT NULL) AS varieties,
        COUNT(DISTINCT variety) FILTER (WHERE scope_version = '2025') AS varieties_scope_2025,
        COUNT(DISTINCT variety) AS varieties_with_ip_backed
    FROM issued
    GROUP BY period
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    CASE
        WHEN component = 'varieties_scope_2025' OR YEAR(period) * 12 + MONTH(period) >= 2025 * 12 + 5 THEN '2025'
        ELSE '2022'
    END AS scope_version
FROM figure
UNPIVOT (value FOR component IN (varieties, varieties_scope_2025, varieties_with_ip_backed))
