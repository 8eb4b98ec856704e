-- zh: 银行新发放科技产业贷款(按银行、季度)
-- en: New lending to tech-related industries, by bank and quarter
-- asks: the scheme's effect on the log of what a bank really lends to tech-related industries in a quarter
-- task: policy_effect
-- tables: loan, industry
-- naive: before_after

-- `amount` counts what is reported as tech; `amount_frozen` what the catalogue of industries classes as such by its use,
-- whatever is reported (strategic-emerging uses are no matter of the class and are left out).
SELECT
    register.unit AS unit,
    YEAR(granted_on) * 4 + QUARTER(granted_on) - 1 AS period,
    CAST(SUM(amount_rmb) FILTER (WHERE tech_use) AS DOUBLE) AS amount,
    CAST(SUM(amount_rmb) FILTER (
        WHERE COALESCE(CAST(industry.htp AS VARCHAR), CAST(industry.hts AS VARCHAR), CAST(industry.pa AS VARCHAR)) IS NOT NULL
    ) AS DOUBLE) AS amount_frozen
FROM loan
JOIN register USING (institution_id)
JOIN industry ON industry.industry_code = loan.use_industry
WHERE granted_on BETWEEN $first AND $last
GROUP BY register.unit, YEAR(granted_on) * 4 + QUARTER(granted_on) - 1
ORDER BY unit, period
