-- id: tech_abs_issuance
-- measure: 6
-- zh: 科技企业资产证券化
-- en: ABS by tech enterprises
-- period: quarter
-- component: issued | CNY 100m | additive | 发行额 | Issued
-- component: securities | count | additive | 发行单数 | Securities issued
-- component: firms | count | additive | 融资企业数 | Originator firms
-- component: pool_firms | count | additive | 基础资产企业数 | Firms behind the assets
-- cuts: total, asset_kind
-- direction: up
-- source: metrics.csv: issued and originator firms by asset kind (IP; receivable; lease). Decided where it is silent:
--   securities of tech firms, and of micro-lenders who bundle the IP-pledged loans of tech firms. Originators: for IP
--   the firms of the pool, who pledge their IP (no list names them, so a firm in two pools counts twice); for
--   receivables and leases the distinct issuers of the kind. pool_firms are, for receivables and leases, the debtors.
-- source_zh: 按基础资产类别（知识产权、应收账款、融资租赁）计的发行额和融资企业数。补充口径：取科技型企业发行的证券，
--   以及小额贷款公司以科技型企业知识产权质押贷款打包发行的证券。融资企业：知识产权类为出质知识产权的入池企业（无名单，
--   故同入两池的企业计两次），应收账款和融资租赁类为该类别的发行人（去重）。基础资产企业数在后两类中为债务人数。
-- needs: month(month), bond(issuer_type, enterprise_id, asset_kind, issued_on, amount, pool_firms)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
kind AS (
    SELECT
        period,
        asset_kind,
        SUM(amount) AS issued,
        COUNT(*) AS securities,
        CASE WHEN asset_kind = 'ip' THEN SUM(pool_firms) ELSE COUNT(DISTINCT enterprise_id) END AS firms,
        SUM(pool_firms) AS pool_firms
    FROM quarter
    JOIN bond ON DATE_TRUNC('quarter', issued_on) = DATE_TRUNC('quarter', period)
    WHERE asset_kind IS NOT NULL AND issuer_type IN ('tech_firm', 'micro_lender')
    GROUP BY period, asset_kind
),
cut_kind AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, issued, securities, firms, pool_firms
    FROM quarter
    LEFT JOIN kind USING (period)
    UNION ALL
    SELECT period, 'asset_kind', asset_kind, issued, securities, firms, pool_firms
    FROM kind
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(COALESCE(SUM(issued), 0) AS DOUBLE) / 1e8 AS issued,
        COALESCE(SUM(securities), 0) AS securities,
        COALESCE(SUM(firms), 0) AS firms,
        COALESCE(SUM(pool_firms), 0) AS pool_firms
    FROM cut_kind
    GROUP BY period, cut, cut_value
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (issued, securities, firms, pool_firms))
