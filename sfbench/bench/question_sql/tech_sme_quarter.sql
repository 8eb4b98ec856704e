-- zh: 科技型小微企业新发放贷款(按服务片区、季度)
-- en: New lending to tech small and micro firms, by service area and quarter
-- asks: the policy's effect on the log of the amount granted in a quarter
-- task: policy_effect
-- tables: loan
-- naive: before_after

SELECT
    register.unit AS unit,
    YEAR(granted_on) * 4 + QUARTER(granted_on) - 1 AS period,
    CAST(SUM(amount_rmb) AS DOUBLE) AS amount
FROM loan
JOIN register USING (enterprise_id)
WHERE granted_on BETWEEN $first AND $last
GROUP BY register.unit, YEAR(granted_on) * 4 + QUARTER(granted_on) - 1
ORDER BY unit, period
