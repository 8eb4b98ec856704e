-- id: relending_note
-- grain: note on the ledger of sci-tech relending
-- caption: Ledger rows with what their loan note and its approval say.
-- needs: relending_loan(loan_id, lot, subject, granted_on, entered_on, eligible_principal, drawn_on,
--   refinanced_amount), loan(loan_id, application_id, enterprise_id, institution_id, borrower_ownership, borrower_size,
--   use_industry, tenor_months), credit_application(application_id, amount_approved)

SELECT
    relending_loan.loan_id,
    lot,
    subject,
    relending_loan.granted_on,
    entered_on,
    eligible_principal,
    relending_loan.drawn_on,
    refinanced_amount,
    loan.institution_id,
    loan.enterprise_id,
    loan.application_id,
    amount_approved,
    borrower_ownership,
    borrower_size,
    use_industry,
    tenor_months
FROM relending_loan
JOIN loan ON loan.loan_id = relending_loan.loan_id
LEFT JOIN credit_application ON credit_application.application_id = loan.application_id
