-- id: guarantees_of_guarantor
-- zh: 一家担保机构的担保
-- en: Guarantees of a guarantor
-- table: guarantee
-- parameter: guarantor_id | BIGINT

SELECT * FROM guarantee WHERE guarantor_id = $guarantor_id;

SELECT guarantor_id, COUNT(*) AS rows_selected FROM guarantee WHERE guarantor_id IS NOT NULL GROUP BY guarantor_id;
