-- id: npl_borrower_month
-- grain: month x borrower with a non-performing note
-- caption: Borrowers with a note of grade substandard, doubtful or loss at any bank at the month end.
-- needs: impaired_note_month

SELECT DISTINCT month, enterprise_id FROM impaired_note_month WHERE npl
