-- id: notes_above_amount
-- zh: 不低于某金额的借据
-- en: Loan notes of at least an amount (a range)
-- table: loan
-- parameter: least | DECIMAL(18,2)

SELECT * FROM loan WHERE amount_rmb >= $least;

WITH share AS (
    SELECT UNNEST([0.01, 0.1, 0.5, 0.9, 0.99]) AS share
),
threshold AS (
    SELECT
        'p' || LPAD(CAST(CAST(100 * share AS INTEGER) AS VARCHAR), 2, '0') AS level,
        (SELECT QUANTILE_DISC(amount_rmb, [0.01, 0.1, 0.5, 0.9, 0.99]) FROM loan)[ROW_NUMBER() OVER (ORDER BY share)]
            AS least
    FROM share
)
SELECT level, least, COUNT(*) AS rows_selected
FROM threshold
JOIN loan ON amount_rmb >= least
GROUP BY level, least;
