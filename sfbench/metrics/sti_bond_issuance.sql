-- id: sti_bond_issuance
-- measure: 5
-- zh: 科创债发行额
-- en: Tech-innovation bond issuance
-- period: month
-- component: issuance | CNY 100m | additive | 发行额 | Issuance
-- component: bonds | count | not additive | 发行只数 | Bonds issued
-- component: issuance_scope_2025 | CNY 100m | additive | 发行额(2025年口径) | Issuance on the 2025 scope
-- component: net_financing | CNY 100m | additive | 净融资额 | Net financing
-- component: ip_backed | CNY 100m | additive | 知识产权证券化发行额 | IP-backed securities issued
-- cuts: total, issuer_type, venue
-- direction: up
-- source: metrics.csv: sum issued. Decided where it is silent: STI bonds are those with a scope version; growth across
--   May 2025 must be read on issuance_scope_2025. Net financing is issuance less the amount of STI bonds redeemed in
--   the month; a default is no redemption. IP-backed securities have no scope version and stand apart. bonds is not
--   additive, because financial issuers are fixed rows.
-- source_zh: 科创债发行额之和。补充口径：科创债为带口径版本的债券；跨2025年5月比较增速须用2025年口径发行额。净融资额
--   为发行额减当月兑付额，违约不属兑付。知识产权证券化无口径版本，单独列示。发行只数不可加总，因金融机构发行人不随规
--   模变动。
-- needs: month(month), bond(issuer_type, venue, scope_version, issued_on, redeemed_on, amount)

WITH event AS (
    SELECT
        LAST_DAY(issued_on) AS month,
        issuer_type,
        venue,
        CASE WHEN scope_version IS NOT NULL THEN amount ELSE 0 END AS issuance,
        CASE WHEN scope_version IS NOT NULL THEN 1 ELSE 0 END AS bonds,
        CASE WHEN scope_version = '2025' THEN amount ELSE 0 END AS issuance_scope_2025,
        CASE WHEN scope_version IS NULL THEN amount ELSE 0 END AS ip_backed,
        0 AS redeemed
    FROM bond
    UNION ALL
    SELECT LAST_DAY(redeemed_on), issuer_type, venue, 0, 0, 0, 0, amount
    FROM bond
    WHERE scope_version IS NOT NULL AND redeemed_on IS NOT NULL
),
cut_event AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, * EXCLUDE (month)
    FROM month
    LEFT JOIN event USING (month)
    UNION ALL
    SELECT month, 'issuer_type', issuer_type, * EXCLUDE (month)
    FROM month
    JOIN event USING (month)
    UNION ALL
    SELECT month, 'venue', venue, * EXCLUDE (month)
    FROM month
    JOIN event USING (month)
),
figure AS (
    SELECT
        month AS period,
        cut,
        cut_value,
        CAST(COALESCE(SUM(issuance), 0) AS DOUBLE) / 1e8 AS issuance,
        COALESCE(SUM(bonds), 0) AS bonds,
        CAST(COALESCE(SUM(issuance_scope_2025), 0) AS DOUBLE) / 1e8 AS issuance_scope_2025,
        CAST(COALESCE(SUM(issuance) - SUM(redeemed), 0) AS DOUBLE) / 1e8 AS net_financing,
        CAST(COALESCE(SUM(ip_backed), 0) AS DOUBLE) / 1e8 AS ip_backed
    FROM cut_event
    GROUP BY month, cut, cut_value
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN component = 'issuance_scope_2025' THEN '2025' END AS scope_version
FROM figure
UNPIVOT (value FOR component IN (issuance, bonds, issuance_scope_2025, net_financing, ip_backed))
-- a count of bonds does not scale: in a cut it has a row only where a bond was issued
WHERE cut = 'total' OR component <> 'bonds' OR value > 0
