-- zh: 银行科技、绿色与风险成效排名
-- en: Banks by tech, green and bad loans
-- asks: a score for each bank, the higher the larger its shares of tech-industry and green loans and the smaller that of bad ones on the last day, each weighing alike
-- task: bank_ranking
-- tables: bank_month, institution
-- key: institution_id
-- naive: min_max_scores

WITH share AS (
    SELECT
        institution_id,
        CAST(tech_industry_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS tech,
        CAST(green_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS green,
        -CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS risk
    FROM real.bank_month
    WHERE current AND reporting_scope = 'PBOC' AND month = $last
)

SELECT
    institution_id,
    (tech - AVG(tech) OVER ()) / STDDEV(tech) OVER ()
    + (green - AVG(green) OVER ()) / STDDEV(green) OVER ()
    + (risk - AVG(risk) OVER ()) / STDDEV(risk) OVER () AS quality
FROM share
ORDER BY institution_id
