-- id: subsidy_claim
-- grain: claim for an interest subsidy
-- caption: Interest subsidies applied for and paid, with the bank of the loan note.
-- needs: interest_subsidy(loan_id, scheme, entitled, applied_on, paid_on, paid), loan(loan_id, institution_id)

SELECT interest_subsidy.loan_id, institution_id, scheme, applied_on, entitled, paid_on, paid
FROM interest_subsidy
JOIN loan ON loan.loan_id = interest_subsidy.loan_id
