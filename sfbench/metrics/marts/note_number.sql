-- id: note_number
-- grain: loan note
-- caption: Notes numbered without gaps: a join by such a number takes a place in an array; an id has to be hashed.
-- needs: loan(loan_id)

SELECT loan_id, ROW_NUMBER() OVER (ORDER BY loan_id) AS note_no
FROM (SELECT DISTINCT loan_id FROM loan) AS notes
