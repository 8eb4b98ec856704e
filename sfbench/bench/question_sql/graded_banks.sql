-- zh: 有风险底线的银行等级
-- en: Grades of banks with a floor of risk
-- asks: a score for each bank, the higher the higher the mean rank of its true shares of tech-industry, green and inclusive loans over the span; the fifth of banks with the highest ratio of bad loans is below all others
-- task: bank_ranking
-- tables: bank_month, institution
-- key: institution_id
-- naive: arithmetic_mean

WITH share AS (
    SELECT
        institution_id,
        AVG(CAST(tech_industry_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS tech,
        AVG(CAST(green_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS green,
        AVG(CAST(inclusive_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS inclusive,
        AVG(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS bad
    FROM real.bank_month
    WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN $first AND $last
    GROUP BY institution_id
),

placed AS (
    SELECT
        institution_id,
        (
            PERCENT_RANK() OVER (ORDER BY tech)
            + PERCENT_RANK() OVER (ORDER BY green)
            + PERCENT_RANK() OVER (ORDER BY inclusive)
        ) / 3 AS support,
        NTILE(5) OVER (ORDER BY bad DESC, institution_id) = 1 AS unsound
    FROM share
)

-- Grade 0 is that of the unsound; the others are cut into thirds.
SELECT
    institution_id,
    support - CAST(unsound AS INT) AS quality,
    CASE WHEN unsound THEN 0 ELSE NTILE(3) OVER (PARTITION BY unsound ORDER BY support, institution_id) END AS grade
FROM placed
ORDER BY institution_id
