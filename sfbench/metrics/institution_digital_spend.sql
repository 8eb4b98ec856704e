-- id: institution_digital_spend
-- measure: 13
-- zh: 机构数字化投入
-- en: Digital investment of institutions
-- period: year
-- component: it_share | % | not additive | 信息科技投入占营业收入比重 | IT spending over operating revenue
-- component: digital_product_share | % | not additive | 全线上产品占比 | Share of products that are fully digital
-- component: median_it_share | % | not additive | 机构投入比重中位数 | Median of the institutions' shares
-- component: it_spend | CNY 100m | additive | 信息科技投入 | IT spending
-- cuts: total, institution_kind
-- direction: up
-- source: metrics.csv: IT spend / operating revenue; share of products fully digital. Decided where it is silent: sums
--   over sums; the median is that of the institutions' own shares. The total takes banks, insurers and brokers, as the
--   plan names them; the cut shows every kind of institution that reports.
-- source_zh: 信息科技投入占营业收入的比例；全线上产品占比。补充口径：以合计数相除；中位数为各机构自身比重的中位数。合
--   计取方案所列的银行、保险公司和证券公司，分组列出全部报送机构类型。
-- needs: month(month), institution(institution_id, kind), institution_year(institution_id, year, revenue, it_spend,
--   products, digital_products)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
report AS (
    SELECT
        period,
        kind,
        revenue,
        it_spend,
        products,
        digital_products,
        CAST(it_spend AS DOUBLE) / NULLIF(CAST(revenue AS DOUBLE), 0) AS it_share
    FROM year
    JOIN institution_year ON year = YEAR(period)
    JOIN institution ON institution.institution_id = institution_year.institution_id
),
report_under_cut AS (
    SELECT *, 'total' AS cut, 'total' AS cut_value FROM report WHERE kind IN ('bank', 'insurer', 'broker')
    UNION ALL
    SELECT *, 'institution_kind', kind FROM report
    UNION ALL
    SELECT period, NULL, NULL, NULL, NULL, NULL, NULL, 'total', 'total' FROM year
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(SUM(it_spend) AS DOUBLE) / NULLIF(CAST(SUM(revenue) AS DOUBLE), 0) AS it_share,
        100.0 * CAST(SUM(digital_products) AS DOUBLE) / NULLIF(CAST(SUM(products) AS DOUBLE), 0)
            AS digital_product_share,
        100.0 * MEDIAN(it_share) AS median_it_share,
        CAST(COALESCE(SUM(it_spend), 0) AS DOUBLE) / 1e8 AS it_spend
    FROM report_under_cut
    GROUP BY period, cut, cut_value
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
UNPIVOT INCLUDE NULLS (value FOR component IN (it_share, digital_product_share, median_it_share, it_spend))
WHERE cut = 'total' OR value IS NOT NULL
