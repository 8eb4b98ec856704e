-- id: risk_claim_note
-- grain: claim on the risk-compensation pool
-- caption: Claims with the bank of their note and whether it is a first loan.
-- needs: risk_claim(loan_id, filed_on, npl_principal, net_principal, decided_on, decision, share, paid_on, paid),
--   loan(loan_id, institution_id, first_loan)

SELECT institution_id, first_loan, filed_on, npl_principal, net_principal, decided_on, decision, share, paid_on, paid
FROM risk_claim
JOIN loan ON loan.loan_id = risk_claim.loan_id
