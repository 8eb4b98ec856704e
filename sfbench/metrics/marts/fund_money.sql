-- id: fund_money
-- grain: commitment to a fund, and payment on one
-- caption: Money promised to funds (committed) and paid to them (paid_in) by the day of the event, with the investor.
-- needs: fund_commitment(commitment_id, fund_id, investor_kind, investor_fund_id, committed_on, amount),
--   capital_call(commitment_id, fund_id, paid_on, amount)

SELECT fund_id, investor_kind, investor_fund_id, 'committed' AS event, committed_on AS event_on, amount
FROM fund_commitment
UNION ALL
SELECT capital_call.fund_id, investor_kind, investor_fund_id, 'paid_in', paid_on, capital_call.amount
FROM capital_call
JOIN fund_commitment ON fund_commitment.commitment_id = capital_call.commitment_id
