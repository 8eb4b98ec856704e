-- id: platform_conversion
-- measure: 11
-- zh: 征信+信贷转化率
-- en: Conversion on the credit platform
-- period: quarter
-- component: rate | % | not additive | 贷前查询转化率 | Conversion of queries before a loan
-- component: rate_all | % | not additive | 全部查询转化率 | Conversion of all queries
-- component: rate_linked | % | not additive | 由查询形成的申请转化率 | Conversion through the request that followed
-- component: queries | count | additive | 贷前查询数 | Queries before a loan
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: queries followed by a loan / queries. Decided where it is silent: by the quarter of the query;
--   one is converted by a note of the firm at the bank that asked, granted on its day or within 90 days, and counts
--   once; rate_linked asks for a note of the query's own request. A quarter is reported once 90 days after it are
--   known.
-- source_zh: 查询后发放贷款的占比。补充口径：计入查询所在季度；查询银行在当日或其后90日内向该企业发放借据的为转化，只
--   计一次；由查询形成的申请口径，须为该次查询对应申请的借据。季后满90日公布。
-- needs: month(month), credit_query_quarter

WITH quarter AS (
    SELECT month AS quarter
    FROM month
    WHERE MONTH(month) IN (3, 6, 9, 12) AND month + INTERVAL 90 DAY <= (SELECT MAX(month) FROM month)
),
conversion AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(SUM(queries) AS DOUBLE) AS all_queries,
        CAST(SUM(converted) AS DOUBLE) AS all_converted,
        CAST(COALESCE(SUM(queries) FILTER (WHERE pre_loan), 0) AS DOUBLE) AS queries,
        CAST(COALESCE(SUM(converted) FILTER (WHERE pre_loan), 0) AS DOUBLE) AS converted,
        CAST(COALESCE(SUM(linked) FILTER (WHERE pre_loan), 0) AS DOUBLE) AS linked
    FROM quarter
    LEFT JOIN credit_query_quarter USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * converted / NULLIF(queries, 0) AS rate,
        100.0 * all_converted / NULLIF(all_queries, 0) AS rate_all,
        100.0 * linked / NULLIF(queries, 0) AS rate_linked,
        queries
    FROM conversion
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_all, rate_linked, queries))
