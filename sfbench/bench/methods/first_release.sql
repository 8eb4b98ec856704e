-- zh: 首次发布数
-- en: The first release
-- task: indicator
-- question: final_tech_loans
-- source: what a scorecard of the quarter takes; Croushore and Stark 2001 on data that are revised later
-- source_zh: 季度评估所用的数；Croushore和Stark 2001论事后修订的数据
-- naive: yes

-- A released figure is taken for what it says, without any doubt.
SELECT
    SUM(CAST(tech_loans AS DOUBLE)) AS value,
    value AS low,
    value AS high
FROM bank_release
WHERE period_end = CAST($last AS DATE) AND vintage = 1
