-- zh: 按期初标识冻结名单
-- en: The first date's list by banks' flags, frozen
-- task: indicator
-- question: stayer_growth
-- source: a panel of stayers by what banks report
-- source_zh: 按银行报送标识固定的留存企业组
-- naive: yes

WITH listed AS (
    SELECT DISTINCT enterprise_id
    FROM loan_balance
    JOIN loan USING (loan_id)
    WHERE month = LAST_DAY(CAST($first AS DATE)) AND tech_enterprise
)

SELECT
    CAST(SUM(balance_rmb) FILTER (WHERE month = CAST($last AS DATE)) AS DOUBLE)
    / CAST(SUM(balance_rmb) FILTER (WHERE month = LAST_DAY(CAST($first AS DATE))) AS DOUBLE) - 1 AS value
FROM loan_balance
JOIN loan USING (loan_id)
JOIN listed USING (enterprise_id)
