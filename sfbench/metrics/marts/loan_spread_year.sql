-- id: loan_spread_year
-- grain: year of grant (of those with months) x bank x borrower size x decarbonisation loan x rated at grant
-- caption: New notes in CNY with the sums that mean spreads over the LPR and their slope on the carbon score need;
--   spreads in percent, of the notes whose LPR is known.
-- needs: month(month, lpr_1y, lpr_5y), product(product_id, code), carbon_account(enterprise_id, rating_no, rated_on,
--   valid_to, score), loan(loan_id, enterprise_id, institution_id, product_id, borrower_size, granted_on, currency,
--   amount_rmb, tenor_months, grant_rate)
-- optional: rated and score and score_x_score and score_x_spread from carbon_account(enterprise_id, rating_no,
--   rated_on, valid_to, score), rated and score and score_x_score and score_x_spread from loan(enterprise_id),
--   decarbonisation from product(product_id, code), decarbonisation from loan(product_id), borrower_size from
--   loan(borrower_size)

WITH decarbonisation AS (
    SELECT product_id FROM product WHERE code = 'decarbonisation'
),
rating AS (
    SELECT loan_id, score
    FROM loan
    JOIN carbon_account
        ON carbon_account.enterprise_id = loan.enterprise_id AND granted_on BETWEEN rated_on AND valid_to
    QUALIFY ROW_NUMBER() OVER (PARTITION BY loan_id ORDER BY rated_on DESC, rating_no DESC) = 1
),
note_spread AS (
    SELECT
        YEAR(granted_on) AS year,
        institution_id,
        borrower_size,
        COALESCE(product_id IN (SELECT product_id FROM decarbonisation), FALSE) AS decarbonisation,
        score,
        amount_rmb,
        grant_rate - CASE WHEN tenor_months >= 60 THEN lpr_5y ELSE lpr_1y END AS spread
    FROM loan
    -- the LPR is fixed on the 20th: before, that of the month before is in force
    LEFT JOIN month ON month = LAST_DAY(granted_on - INTERVAL 19 DAY)
    LEFT JOIN rating ON rating.loan_id = loan.loan_id
    WHERE currency = 'CNY' AND YEAR(granted_on) IN (SELECT YEAR(month) FROM month)
)
SELECT
    year,
    institution_id,
    borrower_size,
    decarbonisation,
    score IS NOT NULL AS rated,
    COUNT(*) AS notes,
    COUNT(spread) AS spread_notes,
    CAST(COALESCE(SUM(amount_rmb) FILTER (WHERE spread IS NOT NULL), 0) AS DECIMAL(18, 2)) AS amount_rmb,
    CAST(COALESCE(SUM(CAST(amount_rmb AS DECIMAL(38, 2)) * spread), 0) AS DECIMAL(38, 7)) AS amount_x_spread,
    COALESCE(SUM(score) FILTER (WHERE spread IS NOT NULL), 0) AS score,
    COALESCE(SUM(score * score) FILTER (WHERE spread IS NOT NULL), 0) AS score_x_score,
    CAST(COALESCE(SUM(spread), 0) AS DECIMAL(38, 5)) AS spread,
    CAST(COALESCE(SUM(score * spread), 0) AS DECIMAL(38, 5)) AS score_x_spread
FROM note_spread
GROUP BY year, institution_id, borrower_size, decarbonisation, score IS NOT NULL
