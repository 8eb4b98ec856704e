-- id: linked_note
-- grain: agreement that ties a loan note to a direct investment
-- caption: Agreements with the bank of the note, whether or not the investment came.
-- needs: investment_link(loan_id, agreed_on, loan_amount, linked_on, deal_id, invested_amount), loan(loan_id,
--   institution_id)

SELECT investment_link.loan_id, institution_id, agreed_on, loan_amount, linked_on, deal_id, invested_amount
FROM investment_link
JOIN loan ON loan.loan_id = investment_link.loan_id
