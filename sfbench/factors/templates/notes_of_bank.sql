-- id: notes_of_bank
-- zh: 一家银行的借据
-- en: Loan notes of a bank
-- table: loan
-- parameter: institution_id | BIGINT

SELECT * FROM loan WHERE institution_id = $institution_id;

SELECT institution_id, COUNT(*) AS rows_selected FROM loan GROUP BY institution_id;
