-- id: key_project_policy_loans
-- measure: 7
-- zh: 重大攻关项目政策性贷款
-- en: Policy-bank loans to key projects
-- period: quarter
-- component: balance | CNY 100m | additive | 政策性银行项目贷款余额 | Policy-bank balance on key projects
-- component: follow_balance | CNY 100m | additive | 跟进商业贷款余额 | Balance of commercial loans that follow
-- component: follow_ratio | ratio | not additive | 跟进倍数 | Commercial over policy-bank balance
-- component: firm_balance | CNY 100m | additive | 攻关企业政策性贷款余额 | Policy-bank balance of firms with a key project
-- cuts: total
-- direction: up
-- source: metrics.csv: policy-bank balance on key projects, and commercial loans that follow. Decided where it is
--   silent: a note does not name a project, so it is a fixed-asset note (F023) of a policy bank to a firm whose key
--   project runs on the day of grant; firm_balance is that of any class. A fixed-asset note of a bank of another type
--   to the same firm follows if it is granted after such a note and within 12 months of it, whether that one is still
--   open or not; it says that it came after, not that it came because.
-- source_zh: 政策性银行对重大攻关项目的贷款余额及跟进的商业贷款。补充口径：借据未载项目，故取政策性银行向放款日有在研
--   攻关项目的企业发放的固定资产贷款（F023）；攻关企业口径取各类贷款。其后12个月内其他类型银行向同一企业发放的固定资产
--   贷款为跟进贷款，不论前者是否结清；只说明时间先后，不说明因果。
-- needs: month(month), key_project_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
project_balance AS (
    SELECT quarter, follows, fixed_asset, balance_rmb FROM followed_note_quarter JOIN key_project_note USING (loan_id)
),
balance AS (
    SELECT
        quarter,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE NOT follows AND fixed_asset), 0) AS DOUBLE) AS policy_rmb,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE follows), 0) AS DOUBLE) AS following_rmb,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE NOT follows), 0) AS DOUBLE) AS firm_rmb
    FROM quarter
    LEFT JOIN project_balance USING (quarter)
    GROUP BY quarter
),
figure AS (
    SELECT
        quarter,
        policy_rmb / 1e8 AS balance,
        following_rmb / 1e8 AS follow_balance,
        following_rmb / NULLIF(policy_rmb, 0) AS follow_ratio,
        firm_rmb / 1e8 AS firm_balance
    FROM balance
)
SELECT
    quarter AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (balance, follow_balance, follow_ratio, firm_balance))
