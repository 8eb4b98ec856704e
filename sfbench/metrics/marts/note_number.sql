-- id: note_number
-- grain: note with a balance
-- caption: Notes numbered without gaps: a join by such a number takes a place in an array; an id has to be hashed.
-- needs: note_span(month)
-- sliced: a number is good for one evaluation; of a new month only the notes in the books then are numbered

SELECT loan_id, ROW_NUMBER() OVER (ORDER BY loan_id) AS note_no
FROM note_span
