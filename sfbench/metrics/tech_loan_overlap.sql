-- id: tech_loan_overlap
-- measure: 0
-- zh: 科技贷款口径重叠额
-- en: Overlap of the two tech-loan definitions
-- period: month
-- component: overlap | CNY 100m | additive | 重叠额 | Overlap
-- cuts: total, bank
-- direction: none
-- source: metrics.csv: tech-enterprise + tech-industry - union. The notes that are both, which is the same. Decided
--   where it is silent: a bank with loan notes and no overlap has the value 0, a month without any loan note has
--   none.
-- source_zh: 科技型企业贷款与科技相关产业贷款之和减两者并集，即同时属于两者的借据余额。补充口径：有借据而无重叠的银行
--   取0，没有借据的月份不取值。
-- needs: month(month), bank_loan_month

WITH note AS (
    SELECT month, institution_id, CASE WHEN tech_enterprise AND tech_use THEN balance_rmb ELSE 0 END AS overlap_rmb
    FROM bank_loan_month
),
overlap AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, SUM(overlap_rmb) AS overlap_rmb
    FROM month
    LEFT JOIN note USING (month)
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), SUM(overlap_rmb)
    FROM note
    GROUP BY month, institution_id
)
SELECT month AS period, cut, cut_value, 'overlap' AS component, CAST(overlap_rmb AS DOUBLE) / 1e8 AS value
FROM overlap
