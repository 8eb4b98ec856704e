-- id: drawdown_month
-- grain: month x bank x borrower size x currency
-- caption: Drawdowns of the month and their rate at grant, weighted by amount.
-- needs: month(month), loan_event(month), loan(loan_id, institution_id, borrower_size, currency, grant_rate)
-- optional: borrower_size from loan(borrower_size), currency from loan(currency), drawn_rmb_x_rate from
--   loan(grant_rate)
-- incremental: month

SELECT
    month,
    institution_id,
    borrower_size,
    currency,
    CAST(SUM(loan_event.amount_rmb) AS DECIMAL(18, 2)) AS drawn_rmb,
    SUM(CAST(loan_event.amount_rmb AS DECIMAL(38, 2)) * grant_rate) AS drawn_rmb_x_rate
FROM loan_event
JOIN loan ON loan.loan_id = loan_event.loan_id
WHERE NOT disposed
GROUP BY month, institution_id, borrower_size, currency
-- after the grouping, when few rows are left to look at
HAVING month IN (SELECT month FROM month)
