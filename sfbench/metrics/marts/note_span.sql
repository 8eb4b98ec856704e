-- id: note_span
-- grain: note with a balance
-- caption: First and last month end of every note in the books. A note stays there until its balance is zero, so there
--   is no month without it in between.
-- needs: loan_balance(month, loan_id)

SELECT loan_id, MIN(month) AS first_month, MAX(month) AS last_month
FROM loan_balance
GROUP BY loan_id
