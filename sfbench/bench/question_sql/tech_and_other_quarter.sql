-- zh: 科技型与其他小微企业新发放贷款(按片区、季度)
-- en: New lending to tech and to other small firms, by area and quarter
-- asks: the policy's effect on the log of the amount granted in a quarter to the firms that it is made for
-- task: policy_effect
-- tables: loan
-- naive: before_after

-- `amount_other` is lending to small and micro firms of the same area for which the policy is not made.
WITH lent AS (
    SELECT
        unit,
        YEAR(granted_on) * 4 + QUARTER(granted_on) - 1 AS period,
        own,
        SUM(amount_rmb) AS amount
    FROM loan
    JOIN (
        SELECT enterprise_id, unit, TRUE AS own FROM register
        UNION ALL
        SELECT enterprise_id, unit, FALSE FROM outsider
    ) USING (enterprise_id)
    WHERE granted_on BETWEEN $first AND $last AND (own OR borrower_size IN ('CS03', 'CS04'))
    GROUP BY ALL
)

SELECT
    unit,
    period,
    CAST(SUM(amount) FILTER (WHERE own) AS DOUBLE) AS amount,
    CAST(SUM(amount) FILTER (WHERE NOT own) AS DOUBLE) AS amount_other
FROM lent
WHERE unit IN (SELECT unit FROM register)
GROUP BY unit, period
ORDER BY unit, period
