-- id: supply_chain_quarter
-- grain: quarter end x bank x borrower
-- caption: Outstanding balances of supply-chain credit; trade finance, advances and bills are other products.
-- needs: month(month), product(product_id, code), loan(loan_id, enterprise_id, institution_id, product_id),
--   loan_balance(month, loan_id, balance_rmb)

WITH note AS (
    SELECT loan_id, institution_id, enterprise_id
    FROM loan
    WHERE product_id IN (SELECT product_id FROM product WHERE code = 'supply_chain')
)
SELECT month AS quarter, institution_id, enterprise_id, CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb
FROM loan_balance
JOIN note USING (loan_id)
WHERE balance_rmb > 0 AND month IN (SELECT month FROM month WHERE MONTH(month) IN (3, 6, 9, 12))
GROUP BY month, institution_id, enterprise_id
