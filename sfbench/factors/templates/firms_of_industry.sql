-- id: firms_of_industry
-- zh: 一个行业的企业
-- en: Firms of an industry
-- table: enterprise
-- parameter: industry_code | VARCHAR

SELECT * FROM enterprise WHERE industry_code = $industry_code;

SELECT industry_code, COUNT(*) AS rows_selected FROM enterprise GROUP BY industry_code;
