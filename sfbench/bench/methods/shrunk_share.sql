-- zh: 经验贝叶斯收缩占比
-- en: The quarter's share, shrunk
-- task: bank_ranking
-- question: steady_tech_share
-- source: Efron and Morris 1975; Morris 1983, empirical Bayes by moments
-- source_zh: Efron和Morris 1975；Morris 1983，按矩的经验贝叶斯

-- A bank's share is drawn to the mean of all by as much as its number of notes leaves to chance.
WITH bank AS (
    SELECT
        institution.institution_id,
        COUNT(loan_id) AS n,
        COALESCE(AVG(CAST(tech_use AS INT)), 0) AS share
    FROM institution
    LEFT JOIN loan
        ON
            loan.institution_id = institution.institution_id
            AND granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
    WHERE institution.kind = 'bank'
    GROUP BY institution.institution_id
),

prior AS (
    SELECT
        SUM(n * share) / SUM(n) AS mean,
        GREATEST(
            VAR_SAMP(share) FILTER (WHERE n >= 5) - AVG(share * (1 - share) / n) FILTER (WHERE n >= 5), 0.0001
        ) AS spread
    FROM bank
)

SELECT
    institution_id,
    mean + (share - mean) * spread / (spread + mean * (1 - mean) / GREATEST(n, 0.01)) AS score
FROM bank
CROSS JOIN prior
