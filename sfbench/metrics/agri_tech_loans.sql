-- id: agri_tech_loans
-- measure: 11
-- zh: 农业科技贷款
-- en: Agricultural technology loans
-- period: quarter
-- component: balance | CNY 100m | additive | 农业科技贷款余额 | Balance
-- component: firms | count | additive | 借款企业数 | Firms
-- component: balance_primary | CNY 100m | additive | 其中农林牧渔业 | of it farming itself
-- component: agri_balance | CNY 100m | additive | 农业及相关产业贷款余额 | All loans to farming and related industries
-- cuts: total
-- direction: up
-- source: metrics.csv: tech loans used in farming. Decided where it is silent: farming and related industries by use
--   (NBS classification of 2020: section A; C13, C14 and C15; C262, C263 and C357); firms are distinct borrowers with a
--   balance; agri_balance is of all notes so used, tech or not.
-- source_zh: 投向农业的科技贷款。补充口径：农业及相关产业按投向划分（国家统计局2020年分类：A门类，C13、C14、C15，C262、
--   C263、C357）；企业数为有余额的借款人（去重）；农业及相关产业贷款余额取全部该投向借据，不论是否科技贷款。
-- needs: month(month), agri_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
note AS (
    SELECT quarter, enterprise_id, primary_use, tech_use OR tech_enterprise AS tech, balance_rmb
    FROM followed_note_quarter
    JOIN agri_note USING (loan_id)
),
figure AS (
    SELECT
        quarter,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE tech), 0) AS DOUBLE) / 1e8 AS balance,
        CAST(COUNT(DISTINCT enterprise_id) FILTER (WHERE tech AND balance_rmb > 0) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE tech AND primary_use), 0) AS DOUBLE) / 1e8 AS balance_primary,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) / 1e8 AS agri_balance
    FROM quarter
    LEFT JOIN note USING (quarter)
    GROUP BY quarter
)
SELECT quarter AS period, 'total' AS cut, 'total' AS cut_value, component, value
FROM figure
UNPIVOT (value FOR component IN (balance, firms, balance_primary, agri_balance))
