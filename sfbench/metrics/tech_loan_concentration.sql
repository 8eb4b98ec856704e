-- id: tech_loan_concentration
-- measure: 7
-- zh: 科技贷款市场集中度
-- en: Concentration of tech lending
-- period: quarter
-- component: hhi | index | not additive | 赫芬达尔指数 | Herfindahl-Hirschman index
-- component: top5_share | % | not additive | 前五大银行份额 | Share of the five largest banks
-- component: lenders | count | not additive | 有科技贷款的银行数 | Banks with tech loans
-- cuts: total
-- direction: none
-- source: metrics.csv: HHI and top-5 share of tech loans over banks. Decided where it is silent: loan notes by lender
--   at the quarter end; the index sums squared shares in percent, so 10000 is one bank alone; all banks if there are
--   fewer than five; groups of banks are not consolidated.
-- source_zh: 科技贷款在各银行间的赫芬达尔指数和前五大银行份额。补充口径：取季末借据余额，按贷款银行计；指数为百分比份
--   额的平方和，一家独占为10000；不足五家时取全部银行；银行集团不合并。
-- needs: month(month), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
bank AS (
    SELECT quarter, institution_id, CAST(SUM(balance_rmb) AS DOUBLE) AS balance
    FROM tech_loan_quarter
    GROUP BY quarter, institution_id
    HAVING SUM(balance_rmb) > 0
),
bank_share AS (
    SELECT
        quarter,
        100.0 * balance / NULLIF(SUM(balance) OVER (PARTITION BY quarter), 0) AS share,
        ROW_NUMBER() OVER (PARTITION BY quarter ORDER BY balance DESC, institution_id) AS place
    FROM bank
),
market AS (
    SELECT
        quarter,
        SUM(share * share) AS hhi,
        SUM(share) FILTER (WHERE place <= 5) AS top5_share,
        CAST(COUNT(share) AS DOUBLE) AS lenders
    FROM quarter
    LEFT JOIN bank_share USING (quarter)
    GROUP BY quarter
)
SELECT
    quarter AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM market
UNPIVOT INCLUDE NULLS (value FOR component IN (hhi, top5_share, lenders))
