-- id: notes_of_firm
-- zh: 一家企业的借据
-- en: Loan notes of a firm
-- table: loan
-- parameter: enterprise_id | BIGINT

SELECT * FROM loan WHERE enterprise_id = $enterprise_id;

SELECT enterprise_id, COUNT(*) AS rows_selected FROM loan GROUP BY enterprise_id;
