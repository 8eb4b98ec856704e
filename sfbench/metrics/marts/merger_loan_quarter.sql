-- id: merger_loan_quarter
-- grain: quarter end x M&A loan note with a row of that day
-- caption: Balances of M&A loans with their original tenor.
-- needs: month(month), loan(loan_id, institution_id, product_class, tenor_months), loan_balance(month, loan_id,
--   balance_rmb)

WITH merger_note AS (
    SELECT loan_id, institution_id, tenor_months FROM loan WHERE product_class = 'F12'
)
SELECT month AS quarter, loan_id, institution_id, tenor_months, balance_rmb
FROM loan_balance
JOIN merger_note USING (loan_id)
WHERE month IN (SELECT month FROM month WHERE MONTH(month) IN (3, 6, 9, 12))
