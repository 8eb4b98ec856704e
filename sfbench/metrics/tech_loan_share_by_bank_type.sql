-- id: tech_loan_share_by_bank_type
-- measure: 7
-- zh: 科技贷款占各项贷款比重
-- en: Tech share of own book
-- period: quarter
-- component: share | % | not additive | 科技贷款占比(借据口径) | Tech loans by notes over all loans
-- component: share_reported | % | not additive | 科技贷款占比(报表口径) | Tech loans as reported over all loans
-- cuts: total, bank_type
-- direction: up
-- source: metrics.csv: tech loans / all loans of the bank. Decided where it is silent: both shares divide by all loans
--   of the central bank's report as published for the month; share has tech-loan notes as its numerator, of banks with
--   such a report; share_reported has the tech loans of the same report, which also hold bills and other parts without
--   notes.
-- source_zh: 科技贷款占本行各项贷款的比例。补充口径：分母均为当月公布的人行报表各项贷款；借据口径的分子为科技贷款借据
--   余额，只取有该报表的银行；报表口径的分子为同一报表的科技贷款，含票据等无借据部分。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current, all_loans,
--   tech_loans), institution(institution_id, bank_type), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
bank_note AS (
    SELECT quarter, institution_id, SUM(balance_rmb) AS tech_rmb FROM tech_loan_quarter GROUP BY quarter, institution_id
),
report AS (
    SELECT
        bank_month.month AS quarter,
        bank_type,
        scope_version,
        all_loans,
        tech_loans AS tech_reported,
        COALESCE(tech_rmb, 0) AS tech_rmb
    FROM bank_month
    JOIN institution ON institution.institution_id = bank_month.institution_id
    LEFT JOIN bank_note
        ON bank_note.quarter = bank_month.month AND bank_note.institution_id = bank_month.institution_id
    WHERE reporting_scope = 'PBOC' AND current
),
book AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        CAST(SUM(all_loans) AS DOUBLE) AS all_loans,
        CAST(SUM(tech_rmb) AS DOUBLE) AS tech,
        CAST(SUM(tech_reported) AS DOUBLE) AS tech_reported,
        MAX(scope_version) AS scope_version
    FROM quarter
    LEFT JOIN report USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank_type))
    HAVING GROUPING(bank_type) = 1 OR bank_type IS NOT NULL
),
share AS (
    SELECT quarter, cut, cut_value, 'share' AS component, tech AS above, all_loans, '2025' AS scope_version FROM book
    UNION ALL
    SELECT quarter, cut, cut_value, 'share_reported', tech_reported, all_loans, scope_version FROM book
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    100.0 * above / NULLIF(all_loans, 0) AS value,
    scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM share
