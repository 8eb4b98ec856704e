-- id: grade_move_year
-- grain: year end x bank x opening grade x closing grade x tech loan at the opening
-- caption: What became in a year of the notes open at its begin: balance at its end by grade, and disposed of.
-- needs: month(month), balance_quarter, disposal, loan(loan_id, institution_id,
--   tech_use)
-- incremental: year_end
-- period: year

WITH year AS (
    SELECT month AS year_end, LAST_DAY(month - INTERVAL 12 MONTH) AS opening_on FROM month WHERE MONTH(month) = 12
),
-- The bank comes with the opening, in the first join: joined last, it makes a table of notes out of all the others.
opening AS (
    SELECT year_end, loan_id, institution_id, grade, tech_enterprise OR COALESCE(tech_use, FALSE) AS tech
    FROM loan
    JOIN balance_quarter USING (loan_id)
    JOIN year ON opening_on = month
),
closing AS (
    SELECT year_end, loan_id, balance_rmb, grade FROM balance_quarter JOIN year ON year_end = month
),
disposed AS (
    SELECT
        LAST_DAY(DATE_TRUNC('year', month) + INTERVAL 11 MONTH) AS year_end,
        loan_id,
        SUM(disposed_rmb) AS disposed_rmb
    FROM disposal
    GROUP BY ALL
)
SELECT
    opening.year_end,
    institution_id,
    opening.grade AS opening_grade,
    closing.grade AS closing_grade,
    tech,
    CAST(COALESCE(SUM(closing.balance_rmb), 0) AS DECIMAL(18, 2)) AS closing_rmb,
    CAST(COALESCE(SUM(disposed_rmb), 0) AS DECIMAL(18, 2)) AS disposed_rmb
FROM opening
LEFT JOIN closing ON closing.loan_id = opening.loan_id AND closing.year_end = opening.year_end
LEFT JOIN disposed ON disposed.loan_id = opening.loan_id AND disposed.year_end = opening.year_end
GROUP BY ALL
