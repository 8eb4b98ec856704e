-- id: score_outcome_year
-- grain: year x score x defaulted
-- caption: Firms by their first score of the year, of those that borrow in the twelve months after it and were not in
--   default before; defaulted if they have a non-performing note in these months.
-- needs: credit_report(query_id, enterprise_id, queried_on, score), note_span, loan(loan_id, enterprise_id),
--   npl_borrower_month

WITH borrower_span AS (
    SELECT enterprise_id, first_month, MAX(last_month) AS last_month
    FROM note_span
    JOIN loan USING (loan_id)
    GROUP BY enterprise_id, first_month
),
first_score AS (
    SELECT
        enterprise_id,
        LAST_DAY(DATE_TRUNC('year', queried_on) + INTERVAL 11 MONTH) AS year_end,
        score,
        queried_on,
        CAST(queried_on + INTERVAL 12 MONTH AS DATE) AS last_day,
        LAST_DAY(queried_on + INTERVAL 1 DAY - INTERVAL 1 MONTH) AS month_before
    FROM credit_report
    WHERE score IS NOT NULL
    QUALIFY ROW_NUMBER() OVER (PARTITION BY enterprise_id, YEAR(queried_on) ORDER BY queried_on, query_id) = 1
),
cohort AS (
    SELECT *
    FROM first_score
    WHERE
        EXISTS (
            SELECT 1
            FROM borrower_span
            WHERE
                borrower_span.enterprise_id = first_score.enterprise_id
                AND first_month <= last_day
                AND last_month > queried_on
        )
        AND NOT EXISTS (
            SELECT 1
            FROM npl_borrower_month
            WHERE npl_borrower_month.enterprise_id = first_score.enterprise_id AND month = month_before
        )
),
default_in_window AS (
    SELECT DISTINCT cohort.enterprise_id, year_end
    FROM cohort
    JOIN npl_borrower_month
        ON npl_borrower_month.enterprise_id = cohort.enterprise_id AND month > queried_on AND month <= last_day
)
SELECT cohort.year_end, score, default_in_window.enterprise_id IS NOT NULL AS defaulted, COUNT(*) AS firms
FROM cohort
LEFT JOIN default_in_window
    ON default_in_window.enterprise_id = cohort.enterprise_id AND default_in_window.year_end = cohort.year_end
GROUP BY ALL
