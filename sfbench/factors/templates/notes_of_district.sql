-- id: notes_of_district
-- zh: 一个区内企业的借据
-- en: Loan notes of the firms of a district (a join)
-- table: loan
-- parameter: district_id | BIGINT

SELECT loan.*
FROM loan
JOIN enterprise USING (enterprise_id)
WHERE district_id = $district_id;

SELECT district_id, COUNT(*) AS rows_selected
FROM loan
JOIN enterprise USING (enterprise_id)
WHERE district_id IS NOT NULL
GROUP BY district_id;
