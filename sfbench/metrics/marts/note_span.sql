-- id: note_span
-- grain: note with a balance
-- caption: First and last month end of every note in the books. A note stays there until its balance is zero, so there
--   is no month without it in between.
-- needs: balance_month, note_number, loan(loan_id, enterprise_id)

WITH span AS (
    SELECT note_no, MIN(month) AS first_month, MAX(month) AS last_month FROM balance_month GROUP BY note_no
)
SELECT loan.loan_id, enterprise_id, first_month, last_month
FROM span
JOIN note_number USING (note_no)
JOIN loan ON loan.loan_id = note_number.loan_id
