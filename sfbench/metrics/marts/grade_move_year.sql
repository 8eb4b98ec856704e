-- id: grade_move_year
-- grain: year x bank x opening grade x closing grade x tech loan at the opening
-- caption: What became in a year of the notes open at its begin: balance at its end by grade, and disposed of.
-- needs: balance_quarter, disposal, note_profile

WITH year_end AS (
    SELECT YEAR(month) AS year, loan_id, balance_rmb, grade, tech_enterprise
    FROM balance_quarter
    WHERE MONTH(month) = 12
),
disposed AS (
    SELECT YEAR(event_on) AS year, loan_id, SUM(disposed_rmb) AS disposed_rmb
    FROM disposal
    GROUP BY YEAR(event_on), loan_id
)
SELECT
    opening.year + 1 AS year,
    institution_id,
    opening.grade AS opening_grade,
    closing.grade AS closing_grade,
    opening.tech_enterprise OR tech_use AS tech,
    CAST(COALESCE(SUM(closing.balance_rmb), 0) AS DECIMAL(18, 2)) AS closing_rmb,
    CAST(COALESCE(SUM(disposed_rmb), 0) AS DECIMAL(18, 2)) AS disposed_rmb
FROM year_end AS opening
JOIN note_profile ON note_profile.loan_id = opening.loan_id
LEFT JOIN year_end AS closing ON closing.loan_id = opening.loan_id AND closing.year = opening.year + 1
LEFT JOIN disposed ON disposed.loan_id = opening.loan_id AND disposed.year = opening.year + 1
GROUP BY opening.year, institution_id, opening.grade, closing.grade, opening.tech_enterprise OR tech_use
