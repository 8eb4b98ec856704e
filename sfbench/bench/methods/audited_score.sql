-- zh: 按可核查口径打分
-- en: The score by what can be checked
-- task: goodhart
-- question: rewarded_banks
-- source: indicators that banks cannot move: the catalogue of industries, dates of all banks; Baker 1992 on distorted incentives
-- source_zh: 银行无法左右的指标：行业目录、各行借据日期；激励扭曲见Baker 1992

WITH beginning AS (
    SELECT borrower_uscc, MIN_BY(contract_code, granted_on) AS contract_code
    FROM loan
    GROUP BY borrower_uscc
),

share AS (
    SELECT
        institution_id,
        AVG(CAST(COALESCE(CAST(industry.htp AS VARCHAR), CAST(industry.hts AS VARCHAR), CAST(industry.pa AS VARCHAR)) IS NOT NULL AS INT)) AS tech,
        AVG(CAST(loan.contract_code = beginning.contract_code AS INT)) AS first
    FROM loan
    JOIN industry ON industry.industry_code = loan.use_industry
    JOIN beginning USING (borrower_uscc)
    WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
    GROUP BY institution_id
)

SELECT
    institution_id,
    (tech - AVG(tech) OVER ()) / STDDEV(tech) OVER () + (first - AVG(first) OVER ()) / STDDEV(first) OVER () AS score
FROM share
