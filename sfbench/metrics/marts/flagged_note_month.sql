-- id: flagged_note_month
-- grain: month x note that is flagged as a tech-enterprise loan at the month end
-- caption: Months in which a note is flagged.
-- needs: balance_month(month), note_number(month)
-- incremental: month

SELECT month, loan_id
FROM balance_month
JOIN note_number USING (note_no)
WHERE (state & 1) = 1
