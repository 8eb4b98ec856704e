-- id: chain_loan_balance
-- measure: 2
-- zh: 供应链融资余额
-- en: Supply-chain finance balance
-- period: quarter
-- component: balance | CNY 100m | additive | 余额 | Balance
-- component: member_balance | CNY 100m | additive | 链上企业余额 | Balance of chain members
-- cuts: total, chain, bank
-- direction: up
-- source: metrics.csv: balance of supply-chain products. Decided where it is silent: trade finance, advances and
--   bills are not in it; all lenders of the city, whoever borrows. member_balance counts each note once whose
--   borrower is a leader or supplier of any chain, in or out of the city, with a link that is valid and disclosed at
--   the quarter's end. Under the cut chain both components are the notes of the chain's members, so chains may add to
--   more.
-- source_zh: 供应链产品贷款余额。补充口径：不含贸易融资、垫款和票据；含本市全部贷款机构，不限借款人。链上企业余额取任
--   一链的链主或供应商（含市外，季末关系有效且已披露）的借据，每笔只计一次。按链分组时两项均为该链成员的借据，各链之
--   和可大于合计。
-- needs: month(month), chain_member, supply_chain_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
member AS (
    SELECT DISTINCT quarter, enterprise_id, chain
    FROM quarter
    JOIN chain_member ON first_day <= quarter AND (last_day IS NULL OR last_day >= quarter)
),
any_member AS (
    SELECT DISTINCT quarter, enterprise_id, TRUE AS on_chain FROM member
),
credit AS (
    SELECT quarter, institution_id, balance_rmb, CASE WHEN on_chain THEN balance_rmb ELSE 0 END AS member_rmb
    FROM supply_chain_quarter
    LEFT JOIN any_member USING (quarter, enterprise_id)
),
level AS (
    SELECT
        quarter,
        'total' AS cut,
        'total' AS cut_value,
        COALESCE(SUM(balance_rmb), 0) AS balance_rmb,
        COALESCE(SUM(member_rmb), 0) AS member_rmb
    FROM quarter
    LEFT JOIN credit USING (quarter)
    GROUP BY quarter
    UNION ALL
    SELECT quarter, 'bank', CAST(institution_id AS VARCHAR), SUM(balance_rmb), SUM(member_rmb)
    FROM credit
    GROUP BY quarter, institution_id
    UNION ALL
    SELECT quarter, 'chain', chain, SUM(balance_rmb), SUM(balance_rmb)
    FROM supply_chain_quarter
    JOIN member USING (quarter, enterprise_id)
    GROUP BY quarter, chain
),
figure AS (
    SELECT quarter, cut, cut_value, 'balance' AS component, balance_rmb AS amount FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'member_balance', member_rmb FROM level
)
SELECT quarter AS period, cut, cut_value, component, CAST(amount AS DOUBLE) / 1e8 AS value, NULL AS scope_version
FROM figure
