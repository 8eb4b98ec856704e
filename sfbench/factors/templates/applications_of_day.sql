-- id: applications_of_day
-- zh: 一天内的贷款申请
-- en: Credit applications of a day
-- table: credit_application
-- parameter: applied_on | DATE

SELECT * FROM credit_application WHERE applied_on = $applied_on;

SELECT applied_on, COUNT(*) AS rows_selected
FROM credit_application
WHERE applied_on IS NOT NULL
GROUP BY applied_on;
