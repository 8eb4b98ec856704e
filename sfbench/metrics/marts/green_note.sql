-- id: green_note
-- grain: green note
-- caption: Notes marked as green loans, with their borrower.
-- needs: loan(loan_id, enterprise_id, green)

SELECT loan_id, enterprise_id FROM loan WHERE green
