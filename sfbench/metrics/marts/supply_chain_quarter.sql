-- id: supply_chain_quarter
-- grain: quarter end x bank x borrower
-- caption: Outstanding balances of supply-chain credit; trade finance, advances and bills are other products.
-- needs: scheme_note, followed_note_quarter(month)
-- incremental: quarter
-- period: quarter

SELECT quarter, institution_id, enterprise_id, CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb
FROM followed_note_quarter
JOIN scheme_note USING (loan_id)
WHERE product = 'supply_chain' AND balance_rmb > 0
GROUP BY quarter, institution_id, enterprise_id
