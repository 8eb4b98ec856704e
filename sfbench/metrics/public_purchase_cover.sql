-- id: public_purchase_cover
-- measure: 15
-- zh: 政府购买科技保险占比
-- en: Government-bought cover
-- period: year
-- component: share | % | not additive | 政府支付保费占比 | Share of premium paid by government
-- component: share_cover | % | not additive | 政府购买保额占比 | Share of the sum insured bought by government
-- component: government_premium | CNY 100m | additive | 政府支付保费 | Premium paid by government
-- component: policies | count | additive | 政府购买保单数 | Policies bought by government
-- cuts: total, scene
-- direction: up
-- source: metrics.csv: premium paid by government / premium; by scene (drug; vehicle; low altitude). Decided where it
--   is silent: policies written in the year; bought are those that the government pays for (a premium subsidy to a
--   firm is no purchase); every scene with a policy in the year has a share.
-- source_zh: 政府支付保费占保费的比例，分药物、汽车、低空场景。补充口径：取当年承保的保单；政府购买指由政府付费（对企
--   业的保费补贴不属购买）；当年有保单的各场景均列出占比。
-- needs: month(month), insurance_policy(scene, written_on, sum_insured, premium, payer)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
policy AS (
    SELECT period, scene, sum_insured, premium, payer = 'government' AS bought
    FROM year
    JOIN insurance_policy ON YEAR(written_on) = YEAR(period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(scene) = 1 THEN 'total' ELSE 'scene' END AS cut,
        COALESCE(scene, 'total') AS cut_value,
        SUM(premium) AS premium,
        COALESCE(SUM(premium) FILTER (WHERE bought), 0) AS bought_premium,
        SUM(sum_insured) AS sum_insured,
        COALESCE(SUM(sum_insured) FILTER (WHERE bought), 0) AS bought_cover,
        COUNT(*) FILTER (WHERE bought) AS policies
    FROM year
    LEFT JOIN policy USING (period)
    GROUP BY GROUPING SETS ((period), (period, scene))
    HAVING cut = 'total' OR scene IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(bought_premium AS DOUBLE) / NULLIF(CAST(premium AS DOUBLE), 0) AS share,
        100.0 * CAST(bought_cover AS DOUBLE) / NULLIF(CAST(sum_insured AS DOUBLE), 0) AS share_cover,
        CAST(bought_premium AS DOUBLE) / 1e8 AS government_premium,
        CAST(policies AS DOUBLE) AS policies
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_cover, government_premium, policies))
WHERE cut = 'total' OR value IS NOT NULL
