-- id: relending_note
-- grain: note on the ledger of sci-tech relending
-- caption: Ledger rows with what their loan note and its approval say.
-- needs: relending_loan(loan_id, lot, subject, granted_on, entered_on, eligible_principal, drawn_on,
--   refinanced_amount), loan(loan_id, application_id, enterprise_id, institution_id, borrower_ownership, borrower_size,
--   use_industry, tenor_months), credit_application(application_id, amount_approved)
-- optional: application_id and amount_approved from loan(application_id), amount_approved from
--   credit_application(application_id, amount_approved), borrower_ownership from loan(borrower_ownership),
--   borrower_size from loan(borrower_size), use_industry from loan(use_industry), tenor_months from
--   loan(tenor_months), lot from relending_loan(lot), subject from relending_loan(subject), eligible_principal from
--   relending_loan(eligible_principal), drawn_on from relending_loan(drawn_on), refinanced_amount from
--   relending_loan(refinanced_amount), granted_on from relending_loan(granted_on)

-- The few notes of the ledger are found first: credit_application is then looked up, not hashed.
WITH note AS (
    SELECT
        loan_id,
        institution_id,
        enterprise_id,
        application_id,
        borrower_ownership,
        borrower_size,
        use_industry,
        tenor_months
    FROM loan
    WHERE loan_id IN (SELECT loan_id FROM relending_loan)
),
approval AS (
    SELECT application_id, amount_approved
    FROM credit_application
    WHERE application_id IN (SELECT application_id FROM note)
)
SELECT
    relending_loan.loan_id,
    lot,
    subject,
    relending_loan.granted_on,
    entered_on,
    eligible_principal,
    relending_loan.drawn_on,
    refinanced_amount,
    institution_id,
    enterprise_id,
    note.application_id,
    amount_approved,
    borrower_ownership,
    borrower_size,
    use_industry,
    tenor_months
FROM relending_loan
JOIN note ON note.loan_id = relending_loan.loan_id
LEFT JOIN approval ON approval.application_id = note.application_id
