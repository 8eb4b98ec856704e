-- zh: 该奖励哪些银行
-- en: Which banks to reward
-- asks: a score for each bank, the higher the larger the shares of tech notes and of first-time borrowers among its new notes really are, each weighing alike
-- task: goodhart
-- tables: loan, institution, industry
-- key: institution_id
-- naive: published_score

-- Tech by the classes that the catalogue of industries gives to a note's use (strategic-emerging uses are left out).
WITH share AS (
    SELECT
        institution_id,
        AVG(CAST(
            COALESCE(CAST(industry.htp AS VARCHAR), CAST(industry.hts AS VARCHAR), CAST(industry.pa AS VARCHAR)) IS NOT NULL
            AS INT)) AS tech,
        AVG(CAST(first_loan AS INT)) AS first
    FROM real.loan
    JOIN real.industry ON industry.industry_code = loan.use_industry
    WHERE granted_on BETWEEN $first AND $last
    GROUP BY institution_id
)

SELECT
    institution_id,
    (tech - AVG(tech) OVER ()) / STDDEV(tech) OVER () + (first - AVG(first) OVER ()) / STDDEV(first) OVER () AS quality
FROM share
ORDER BY institution_id
