-- id: invest_hard_tech_share
-- measure: 0
-- zh: 投硬科技占比
-- en: Share invested in hard technology
-- period: year
-- component: amount | % | not additive | 投硬科技金额占比 | Share of the amount
-- component: count | % | not additive | 投硬科技笔数占比 | Share of the number of deals
-- component: amount_in_cluster | % | not additive | 20+8集群内硬科技金额占比 | Share of hard technology within the 20+8 clusters
-- cuts: total, fund, cluster
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: deals in hard-tech clusters / all deals. Decided where it is silent: deals as in
--   invest_early_share; hard technology is the mark of the deal row (clusters carry none); amount_in_cluster are
--   marked deals in firms of a cluster, over the same base. The cut by cluster goes by the list of the day, both parts
--   within the cluster; deals without one are in no row of it.
-- source_zh: 投向硬科技集群的项目占全部项目比重。补充口径：项目范围同投早占比；是否硬科技以投资记录的标识为准（集群本
--   身无此标识）；集群内口径取投向集群企业且有标识的项目，分母不变。按集群分组时采用投资当日的集群目录，分子分母均取
--   集群内；不属任何集群的项目不进入分组。
-- needs: month(month), new_equity_deal

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
base AS (
    SELECT
        period,
        CAST(fund_id AS VARCHAR) AS fund,
        CAST(cluster_id AS VARCHAR) AS cluster,
        amount,
        hard_tech
    FROM year_end
    JOIN new_equity_deal ON YEAR(closed_on) = YEAR(period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(fund) = 0 THEN 'fund' WHEN GROUPING(cluster) = 0 THEN 'cluster' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(fund) = 0 THEN fund WHEN GROUPING(cluster) = 0 THEN cluster ELSE 'total' END AS cut_value,
        COUNT(amount) AS deals,
        COUNT(*) FILTER (WHERE hard_tech) AS hard_deals,
        SUM(amount) AS amount,
        COALESCE(SUM(amount) FILTER (WHERE hard_tech), 0) AS hard_amount,
        COALESCE(SUM(amount) FILTER (WHERE hard_tech AND cluster IS NOT NULL), 0) AS hard_cluster_amount
    FROM year_end
    LEFT JOIN base USING (period)
    GROUP BY GROUPING SETS ((period), (period, fund), (period, cluster))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(hard_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS amount,
        100.0 * CAST(hard_deals AS DOUBLE) / NULLIF(CAST(deals AS DOUBLE), 0) AS count,
        100.0 * CAST(hard_cluster_amount AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS amount_in_cluster
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (amount, count, amount_in_cluster))
WHERE cut = 'total' OR value IS NOT NULL
