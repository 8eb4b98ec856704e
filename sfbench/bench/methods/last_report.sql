-- zh: 缺报沿用上期并加罚
-- en: What is missing is what was reported last, and no better than the upper quartile
-- task: bank_ranking
-- question: bad_loan_rank
-- source: last observation carried forward with a floor; design S18
-- source_zh: 沿用上期观测值并设下限；设计文档S18

-- Ratios last, so a bank's earlier report says much; that it is silent now says that it has not become better.
WITH ratio AS (
    SELECT
        institution_id,
        month BETWEEN CAST($first AS DATE) AND CAST($last AS DATE) AS inside,
        AVG(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS ratio
    FROM bank_month
    WHERE
        current AND reporting_scope = 'PBOC'
        AND month BETWEEN CAST($first AS DATE) - INTERVAL 1 YEAR AND CAST($last AS DATE)
    GROUP BY ALL
),

limits AS (SELECT QUANTILE_CONT(ratio, 0.75) AS high FROM ratio WHERE inside),

seen AS (
    SELECT
        institution_id,
        ANY_VALUE(ratio) FILTER (WHERE inside) AS now,
        ANY_VALUE(ratio) FILTER (WHERE NOT inside) AS before
    FROM ratio
    GROUP BY institution_id
)

SELECT
    institution.institution_id,
    -COALESCE(seen.now, GREATEST(COALESCE(seen.before, 0), limits.high)) AS score
FROM institution
CROSS JOIN limits
LEFT JOIN seen USING (institution_id)
WHERE institution.kind = 'bank'
