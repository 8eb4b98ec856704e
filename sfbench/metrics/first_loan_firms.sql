-- id: first_loan_firms
-- measure: 11
-- zh: 首贷户数
-- en: First-time borrowers
-- period: quarter
-- component: firms | count | additive | 科技型企业首贷户数 | First-time tech enterprises
-- component: firms_tech_loan | count | additive | 科技贷款首贷户数 | First-time borrowers of tech loans
-- component: amount | CNY 100m | additive | 首贷金额 | Amount of first loans
-- cuts: total, bank, district
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: firms with their first drawdown in the period. Decided where it is silent: the earliest grant
--   day of a firm's notes flagged as first loans, unless it had credit elsewhere before; firms are tech enterprises on
--   that day; firms_tech_loan adds those whose first note is of tech use; the amount is of all first-loan notes of the
--   quarter of the former; the bank is the first note's; firms outside the city count.
-- source_zh: 当期首次获得贷款的企业数。补充口径：以企业标为首贷的借据中最早的放款日为准，此前在他处有授信的除外；科技
--   型企业以当日为准；科技贷款口径另加首笔借据投向科技的企业；金额为前一类企业当季的全部首贷借据金额；银行为首笔借据
--   的银行；含市外企业。
-- needs: month(month), first_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
figure AS (
    SELECT
        quarter,
        CASE
            WHEN GROUPING(institution_id) = 0 THEN 'bank'
            WHEN GROUPING(district) = 0 THEN 'district'
            ELSE 'total'
        END AS cut,
        CASE
            WHEN GROUPING(institution_id) = 0 THEN CAST(institution_id AS VARCHAR)
            WHEN GROUPING(district) = 0 THEN district
            ELSE 'total'
        END AS cut_value,
        CAST(COALESCE(SUM(firms) FILTER (WHERE tech_enterprise), 0) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(firms) FILTER (WHERE tech_enterprise OR tech_use), 0) AS DOUBLE) AS firms_tech_loan,
        CAST(COALESCE(SUM(amount_rmb) FILTER (WHERE tech_enterprise), 0) AS DOUBLE) / 1e8 AS amount
    FROM quarter
    LEFT JOIN first_loan_quarter USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id), (quarter, district))
    HAVING cut_value IS NOT NULL
)
SELECT quarter AS period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (firms, firms_tech_loan, amount))
