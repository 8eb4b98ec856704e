-- zh: 银行科技金融成效排名
-- en: Banks by their tech lending, its price and their bad loans
-- asks: a score for each bank, the higher the better it does on tech share of new lending, price to tech and bad loans, each weighing alike
-- task: bank_ranking
-- tables: loan, bank_month, institution, branch
-- key: institution_id
-- naive: equal_weights

WITH lent AS (
    SELECT
        institution_id,
        CAST(SUM(amount_rmb) FILTER (WHERE tech_use) AS DOUBLE) / CAST(SUM(amount_rmb) AS DOUBLE) AS tech,
        -AVG(CAST(grant_rate AS DOUBLE)) FILTER (WHERE tech_use) AS price
    FROM real.loan
    WHERE granted_on BETWEEN $first AND $last
    GROUP BY institution_id
),

bad AS (
    SELECT
        institution_id,
        -AVG(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS risk
    FROM real.bank_month
    WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN $first AND $last
    GROUP BY institution_id
),

whole AS (
    SELECT
        bad.institution_id,
        COALESCE(tech, MIN(tech) OVER ()) AS tech,
        COALESCE(price, MIN(price) OVER ()) AS price,
        risk
    FROM bad
    LEFT JOIN lent USING (institution_id)
)

SELECT
    institution_id,
    (tech - AVG(tech) OVER ()) / STDDEV(tech) OVER ()
    + (price - AVG(price) OVER ()) / STDDEV(price) OVER ()
    + (risk - AVG(risk) OVER ()) / STDDEV(risk) OVER () AS quality
FROM whole
ORDER BY institution_id
