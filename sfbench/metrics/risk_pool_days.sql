-- id: risk_pool_days
-- measure: 14
-- zh: 风险补偿审批时效
-- en: Days to risk-pool compensation
-- period: quarter
-- component: median_days | day | not additive | 申请至拨付天数中位数 | Median days from filing to payment
-- component: p90_days | day | not additive | 申请至拨付天数90分位 | 90th percentile
-- component: median_decision_days | day | not additive | 申请至审批天数中位数 | Median days from filing to decision
-- component: payments | count | additive | 拨付笔数 | Payments
-- cuts: total, bank
-- direction: down
-- source: metrics.csv: median and p90 of payment - filing. Decided where it is silent: calendar days of claims paid in
--   the quarter; median_decision_days those from filing to decision of claims decided in it, compensated or refused;
--   quantiles by linear interpolation; the bank is the note's.
-- source_zh: 拨付日减申请日的天数，取中位数和九成分位数。补充口径：取当季拨付的申请，按自然日计；申请至审批天数取当季
--   审批的申请，不论是否补偿；分位数以线性插值；银行为借据的银行。
-- needs: month(month), risk_claim_note

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
step AS (
    SELECT institution_id, paid_on AS day, paid_on - filed_on AS payment_days, NULL AS decision_days
    FROM risk_claim_note
    UNION ALL
    SELECT institution_id, decided_on, NULL, decided_on - filed_on
    FROM risk_claim_note
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        CAST(MEDIAN(payment_days) AS DOUBLE) AS median_days,
        CAST(QUANTILE_CONT(payment_days, 0.9) AS DOUBLE) AS p90_days,
        CAST(MEDIAN(decision_days) AS DOUBLE) AS median_decision_days,
        CAST(COUNT(payment_days) AS DOUBLE) AS payments
    FROM quarter
    LEFT JOIN step ON DATE_TRUNC('quarter', day) = DATE_TRUNC('quarter', period)
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (median_days, p90_days, median_decision_days, payments))
WHERE cut = 'total' OR value IS NOT NULL
