-- id: customer_peak
-- grain: bank, or the city (number 0, which no institution has) x customer with a balance at a quarter end
-- caption: The sum of the highest quarter-end balances of a customer's notes: it borrows no more in any quarter.
-- needs: balance_quarter(month), note_profile
-- sliced: who may be large depends on the quarters in which it is asked

WITH peak AS (
    SELECT loan_id, MAX(balance_rmb) AS peak_rmb FROM balance_quarter GROUP BY loan_id
),
bank_customer AS (
    SELECT institution_id, enterprise_id, SUM(peak_rmb) AS peak_rmb
    FROM peak
    JOIN note_profile USING (loan_id)
    GROUP BY institution_id, enterprise_id
)
SELECT institution_id, enterprise_id, peak_rmb FROM bank_customer
UNION ALL
SELECT 0, enterprise_id, SUM(peak_rmb) FROM bank_customer GROUP BY enterprise_id
