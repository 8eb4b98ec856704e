-- zh: 按公布指标打分
-- en: The published score
-- task: goodhart
-- question: rewarded_banks
-- source: scores of a scheme by what banks report
-- source_zh: 按银行报数打分的评估
-- naive: yes

WITH share AS (
    SELECT
        institution_id,
        AVG(CAST(tech_use AS INT)) AS tech,
        AVG(CAST(first_loan AS INT)) AS first
    FROM loan
    JOIN industry ON industry.industry_code = loan.use_industry
    WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
    GROUP BY institution_id
)

SELECT
    institution_id,
    (tech - AVG(tech) OVER ()) / STDDEV(tech) OVER () + (first - AVG(first) OVER ()) / STDDEV(first) OVER () AS score
FROM share
