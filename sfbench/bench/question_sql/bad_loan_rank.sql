-- zh: 银行不良率排名
-- en: Banks by their bad-loan ratio
-- asks: a score for each bank, the higher the lower its mean ratio of bad loans over the months of the span
-- task: bank_ranking
-- tables: bank_month, institution
-- key: institution_id
-- naive: reports_as_they_come

SELECT
    institution_id,
    -AVG(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS quality
FROM real.bank_month
WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN $first AND $last
GROUP BY institution_id
ORDER BY institution_id
