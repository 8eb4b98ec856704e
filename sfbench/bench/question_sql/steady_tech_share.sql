-- zh: 银行长期科技贷款占比排名
-- en: Banks by their lasting share of tech in new lending
-- asks: a score for each bank, the higher the larger the share of tech notes among all that it grants over six years
-- task: bank_ranking
-- tables: loan, institution
-- key: institution_id
-- sees: known
-- naive: raw_share

SELECT
    institution_id,
    AVG(CAST(tech_use AS INT)) AS quality
FROM real.loan
JOIN real.institution USING (institution_id)
WHERE granted_on >= $first
GROUP BY institution_id
ORDER BY institution_id
