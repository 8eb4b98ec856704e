-- id: merger_note
-- grain: M&A loan note
-- caption: Notes of the class M&A loan (F12), with their original tenor.
-- needs: loan(loan_id, institution_id, product_class, tenor_months)

SELECT loan_id, institution_id, tenor_months FROM loan WHERE product_class = 'F12'
