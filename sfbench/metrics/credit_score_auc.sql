-- id: credit_score_auc
-- measure: 11
-- zh: 信用评分区分度
-- en: Discrimination of the platform's score
-- period: year
-- component: auc | index | not additive | AUC | AUC
-- component: ks | index | not additive | KS | KS
-- component: firms | count | additive | 样本企业数 | Firms in the cohort
-- component: defaults | count | additive | 违约企业数 | Firms in default
-- cuts: total
-- direction: up
-- source: metrics.csv: AUC and KS of the score against default within 12 months. Decided where it is silent: each
--   firm's first score of the year, of any purpose; firms that owe something at a month end of the 12 months after it
--   and had no non-performing note (FQ03 to FQ05) at the last month end by then; default is such a note, at any bank,
--   in these months. AUC is the share of pairs in which the firm without default has the higher score, ties one half;
--   KS the largest distance of the two distributions. A year is reported once the 12 months after it are known, and as
--   long as no year of the calendar is, a row without a period says so.
-- source_zh: 信用评分对12个月内违约的AUC和KS。补充口径：取每家企业当年首次评分，不限用途；企业须在其后12个月内任一月
--   末有余额，且截至评分日的最近一个月末无不良借据（FQ03至FQ05）；上述月份内在任一银行出现不良借据即为违约。AUC为未违约企
--   业评分较高的配对占比，同分计二分之一；KS为两个分布的最大距离。满12个月后公布；数据期内尚无满期年份的，以无期间的
--   一行说明。
-- needs: month(month), score_outcome_year

WITH year_end AS (
    SELECT month AS year_end
    FROM month
    WHERE MONTH(month) = 12 AND LAST_DAY(month + INTERVAL 12 MONTH) <= (SELECT MAX(month) FROM month)
),
score_count AS (
    SELECT
        year_end,
        score,
        COALESCE(SUM(firms) FILTER (WHERE defaulted), 0) AS bad,
        COALESCE(SUM(firms) FILTER (WHERE NOT defaulted), 0) AS good
    FROM score_outcome_year
    GROUP BY year_end, score
),
cumulative AS (
    SELECT
        *,
        SUM(bad) OVER up_to_score AS bad_up_to,
        SUM(good) OVER up_to_score AS good_up_to,
        SUM(bad) OVER cohort AS all_bad,
        SUM(good) OVER cohort AS all_good
    FROM score_count
    WINDOW
        up_to_score AS (PARTITION BY year_end ORDER BY score),
        cohort AS (PARTITION BY year_end)
),
score_test AS (
    SELECT
        *,
        CAST(bad * (2 * (all_good - good_up_to) + good) AS DOUBLE) AS twice_pairs_won,
        ABS(
            CAST(bad_up_to AS DOUBLE) / NULLIF(CAST(all_bad AS DOUBLE), 0)
            - CAST(good_up_to AS DOUBLE) / NULLIF(CAST(all_good AS DOUBLE), 0)
        ) AS distance
    FROM cumulative
),
figure AS (
    SELECT
        year_end,
        SUM(twice_pairs_won) / NULLIF(2.0 * CAST(MAX(all_bad) AS DOUBLE) * CAST(MAX(all_good) AS DOUBLE), 0) AS auc,
        MAX(distance) AS ks,
        CAST(COALESCE(SUM(bad + good), 0) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(bad), 0) AS DOUBLE) AS defaults
    FROM year_end
    LEFT JOIN score_test USING (year_end)
    GROUP BY year_end
)
SELECT
    year_end AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (auc, ks, firms, defaults))
UNION ALL
SELECT NULL, 'total', 'total', 'auc', NULL, NULL, 'no cohort followed to its end'
WHERE NOT EXISTS (SELECT year_end FROM year_end)
