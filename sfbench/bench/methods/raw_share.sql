-- zh: 当季占比
-- en: The quarter's share
-- task: bank_ranking
-- question: steady_tech_share
-- source: league tables of one quarter
-- source_zh: 单季排行榜
-- naive: yes

SELECT
    institution_id,
    AVG(CAST(tech_use AS INT)) AS score
FROM loan
WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
GROUP BY institution_id
