-- zh: 名单内留存企业贷款增速
-- en: Growth of loans to the firms that were on the list
-- asks: growth of loans from the first month end of the span to the last, to firms that had a loan and truly held an in-scope tag at the first
-- task: indicator
-- tables: loan, loan_balance, enterprise_tag
-- naive: moving_list

WITH listed AS (
    SELECT DISTINCT enterprise_id
    FROM real.loan_balance
    JOIN real.loan USING (loan_id)
    WHERE month = LAST_DAY($first) AND tech_enterprise
)

SELECT
    CAST(SUM(balance_rmb) FILTER (WHERE month = $last) AS DOUBLE)
    / CAST(SUM(balance_rmb) FILTER (WHERE month = LAST_DAY($first)) AS DOUBLE) - 1 AS value
FROM real.loan_balance
JOIN real.loan USING (loan_id)
JOIN listed USING (enterprise_id)
WHERE month IN (LAST_DAY($first), $last)
