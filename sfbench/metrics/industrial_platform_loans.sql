-- id: industrial_platform_loans
-- measure: 13
-- zh: 工业互联网平台贷款
-- en: Loans through industrial internet platforms
-- period: quarter
-- component: firms | count | additive | 借款企业数 | Borrowers
-- component: balance | CNY 100m | additive | 余额 | Balance
-- component: firms_linked | count | additive | 其中产业链成员企业数 | Of them members of an industry chain
-- component: balance_linked | CNY 100m | additive | 其中产业链成员企业余额 | Balance of the members
-- cuts: total
-- direction: up
-- source: metrics.csv: firms and balance. Decided where it is silent: no table says through which industrial platform
--   a loan came, so the best evidence stands for it: supply-chain credit used in manufacturing with a balance at the
--   quarter's end. firms are distinct borrowers; linked are those that are leader or supplier of a chain on the day,
--   by a link disclosed by then. The channel `platform` of an application is a credit platform and does not count.
-- source_zh: 工业互联网平台贷款的企业数和余额。补充口径：各表未载贷款经由何种工业平台，以季末有余额、投向制造业的供应
--   链融资为最佳证据。企业数为借款人（去重）；产业链成员企业为当日属链主或供应商且关系已披露的。申请渠道中的
--   “platform”为征信平台，不计。
-- needs: month(month), chain_member, scheme_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
borrower AS (
    SELECT quarter AS period, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM followed_note_quarter
    JOIN scheme_note USING (loan_id)
    WHERE product = 'supply_chain' AND manufacturing AND balance_rmb > 0
    GROUP BY quarter, enterprise_id
),
member AS (
    SELECT DISTINCT period, enterprise_id, TRUE AS linked
    FROM quarter
    JOIN chain_member ON first_day <= period AND (last_day IS NULL OR last_day >= period)
),
figure AS (
    SELECT
        period,
        CAST(COUNT(borrower.enterprise_id) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) / 1e8 AS balance,
        CAST(COUNT(borrower.enterprise_id) FILTER (WHERE linked) AS DOUBLE) AS firms_linked,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE linked), 0) AS DOUBLE) / 1e8 AS balance_linked
    FROM quarter
    LEFT JOIN borrower USING (period)
    LEFT JOIN member USING (period, enterprise_id)
    GROUP BY period
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (firms, balance, firms_linked, balance_linked))
