-- id: innovation_product_loans
-- measure: 8
-- zh: 创新信贷产品余额
-- en: Innovation credit products
-- period: quarter
-- component: balance | CNY 100m | additive | 余额(产品口径) | Balance by product
-- component: borrowers | count | additive | 借款企业数 | Borrowers
-- component: balance_by_pledge | CNY 100m | additive | 知识产权和数据资产质押余额 | Balance secured by IP or data assets
-- cuts: total, product, bank
-- direction: up
-- source: metrics.csv: balance by innovation product. Decided where it is silent: products rd, warrant,
--   innovation_points, ip_pledge, data_pledge and supply_chain, to any borrower; distinct borrowers with a balance, so
--   the products do not add up; balance_by_pledge is the other meaning of the two pledge products: notes of any product
--   that are secured by intellectual property (ip_pledge) or data assets (data_pledge), each once in total and bank.
-- source_zh: 各创新产品贷款余额。补充口径：产品为研发贷、认股权贷、创新积分贷、知识产权质押贷、数据资产质押贷和供应链
--   产品，不限借款人；借款企业按有余额去重，故各产品不可加总；质押口径为两种质押产品的另一含义，即以知识产权
--   （ip_pledge）或数据资产（data_pledge）作担保的各类产品借据，在合计和银行分组中每笔只计一次。
-- needs: month(month), scheme_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
scheme AS (
    SELECT
        loan_id,
        enterprise_id,
        institution_id,
        CASE
            WHEN product IN ('rd', 'warrant', 'innovation_points', 'ip_pledge', 'data_pledge', 'supply_chain')
                THEN product
        END AS product,
        ip_pledge,
        data_pledge
    FROM scheme_note
),
note AS (
    SELECT quarter, enterprise_id, institution_id, product, ip_pledge, data_pledge, balance_rmb
    FROM followed_note_quarter
    JOIN scheme USING (loan_id)
    WHERE product IS NOT NULL OR ip_pledge OR data_pledge
),
by_product AS (
    SELECT
        quarter,
        CASE
            WHEN GROUPING(institution_id) = 0 THEN 'bank' WHEN GROUPING(product) = 0 THEN 'product' ELSE 'total'
        END AS cut,
        CASE
            WHEN GROUPING(institution_id) = 0 THEN CAST(institution_id AS VARCHAR)
            WHEN GROUPING(product) = 0 THEN product
            ELSE 'total'
        END AS cut_value,
        SUM(balance_rmb) AS balance_rmb,
        COUNT(DISTINCT CASE WHEN balance_rmb > 0 THEN enterprise_id END) AS borrowers
    FROM note
    WHERE product IS NOT NULL
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id), (quarter, product))
),
pledge AS (
    SELECT quarter, institution_id, ip_pledge, data_pledge, SUM(balance_rmb) AS balance_rmb
    FROM note
    WHERE ip_pledge OR data_pledge
    GROUP BY quarter, institution_id, ip_pledge, data_pledge
),
by_pledge AS (
    SELECT quarter, 'total' AS cut, 'total' AS cut_value, SUM(balance_rmb) AS balance_rmb FROM pledge GROUP BY quarter
    UNION ALL
    SELECT quarter, 'bank', CAST(institution_id AS VARCHAR), SUM(balance_rmb)
    FROM pledge
    GROUP BY quarter, institution_id
    UNION ALL
    SELECT quarter, 'product', 'ip_pledge', SUM(balance_rmb) FROM pledge WHERE ip_pledge GROUP BY quarter
    UNION ALL
    SELECT quarter, 'product', 'data_pledge', SUM(balance_rmb) FROM pledge WHERE data_pledge GROUP BY quarter
),
figure AS (
    SELECT quarter, cut, cut_value, 'balance' AS component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value FROM by_product
    UNION ALL
    SELECT quarter, cut, cut_value, 'borrowers', CAST(borrowers AS DOUBLE) FROM by_product
    UNION ALL
    SELECT quarter, cut, cut_value, 'balance_by_pledge', CAST(balance_rmb AS DOUBLE) / 1e8 FROM by_pledge
),
total_row AS (
    SELECT quarter, 'total' AS cut, 'total' AS cut_value, component
    FROM quarter
    CROSS JOIN (VALUES ('balance'), ('borrowers'), ('balance_by_pledge')) AS declared (component)
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    COALESCE(value, 0) AS value,
    NULL AS scope_version
FROM total_row
FULL JOIN figure USING (quarter, cut, cut_value, component)
