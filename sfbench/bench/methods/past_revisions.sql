-- zh: 按历史修订推算的区间
-- en: An interval from past revisions
-- task: indicator
-- question: final_tech_loans
-- source: real-time vintages: Croushore and Stark 2001; fan of past revisions as statistical offices publish it
-- source_zh: 实时数据版本：Croushore和Stark 2001；统计机构公布的历史修订扇形图

-- Quarters whose revisions are out by now; one that was not revised has moved by nothing.
WITH release AS (
    SELECT
        period_end,
        institution_id,
        CAST(MAX(tech_loans) FILTER (WHERE vintage = 1) AS DOUBLE) AS first,
        CAST(MAX(tech_loans) FILTER (WHERE vintage = 2) AS DOUBLE) AS second
    FROM bank_release
    GROUP BY ALL
),

past AS (
    SELECT
        AVG(COALESCE(second / first, 1) - 1) AS mean,
        VAR_POP(COALESCE(second / first, 1) - 1) AS variance
    FROM release
    WHERE period_end <= CAST($last AS DATE) - INTERVAL 6 MONTH AND first > 0
)

SELECT
    SUM(first) * (1 + ANY_VALUE(mean)) AS value,
    value - 1.96 * SQRT(ANY_VALUE(variance) * SUM(first * first)) AS low,
    value + 1.96 * SQRT(ANY_VALUE(variance) * SUM(first * first)) AS high
FROM release
CROSS JOIN past
WHERE period_end = CAST($last AS DATE)
