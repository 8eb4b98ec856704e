-- id: tech_npl_tolerance_use
-- measure: 9
-- zh: 科技贷款不良容忍度使用
-- en: Use of the NPL tolerance
-- period: quarter
-- component: over_tolerance | percentage point | not additive | 超出容忍度 | Gap less tolerance
-- component: gap | percentage point | not additive | 科技贷款不良率高于各项贷款 | Tech NPL ratio less own all-loan NPL ratio
-- component: tech_npl_ratio | % | not additive | 科技贷款不良率 | Tech NPL ratio
-- component: all_npl_ratio | % | not additive | 各项贷款不良率 | All-loan NPL ratio
-- component: tolerance | percentage point | not additive | 容忍度 | Tolerance
-- component: banks_over | count | not additive | 超出容忍度的银行数 | Banks over their tolerance
-- cuts: total, bank
-- direction: none
-- target: <=0
-- judged: over_tolerance, banks_over
-- source: metrics.csv: tech NPL ratio - own all-loan NPL ratio, against the tolerance. Decided where it is silent:
--   banks with the central bank's report of the month; tech NPL by notes of grades FQ03 to FQ05, all loans as reported;
--   the tolerance of the policy in force at the quarter end, 0 without one. Total: ratios of the sums over these banks,
--   the tolerance weighted by tech balance. A bank without tech loans has no gap. The tolerance is each bank's own, so
--   the target is that of the city and of the number of banks over theirs: good banks do not make up for them.
-- source_zh: 科技贷款不良率减本行各项贷款不良率，与容忍度比较。补充口径：取有当月人行报表的银行；科技贷款不良按借据五
--   级分类（FQ03至FQ05）计，各项贷款取报送数；容忍度取季末有效政策，无政策为0。合计为这些银行加总后的比率，容忍度按科
--   技贷款余额加权。没有科技贷款的银行不计算差额。容忍度按各行自身计，故目标同时按全市合计和超出容忍度的银行数评判，各
--   行之间不相抵。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, current, all_loans, npl_loans),
--   bank_policy(institution_id, valid_from, valid_to, npl_tolerance), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
tech_note AS (
    SELECT quarter, institution_id, SUM(balance_rmb) AS tech_rmb, SUM(npl_rmb) AS tech_npl_rmb
    FROM tech_loan_quarter
    GROUP BY quarter, institution_id
),
bank AS (
    SELECT
        bank_month.month AS quarter,
        bank_month.institution_id,
        all_loans,
        npl_loans,
        COALESCE(tech_rmb, 0) AS tech_rmb,
        COALESCE(tech_npl_rmb, 0) AS tech_npl_rmb,
        COALESCE(npl_tolerance, 0) AS npl_tolerance
    FROM bank_month
    LEFT JOIN tech_note
        ON tech_note.quarter = bank_month.month AND tech_note.institution_id = bank_month.institution_id
    LEFT JOIN bank_policy
        ON bank_policy.institution_id = bank_month.institution_id
        AND valid_from <= bank_month.month
        AND (valid_to IS NULL OR valid_to >= bank_month.month)
    WHERE reporting_scope = 'PBOC' AND current AND MONTH(bank_month.month) IN (3, 6, 9, 12)
),
book AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(SUM(all_loans) AS DOUBLE) AS all_loans,
        CAST(SUM(npl_loans) AS DOUBLE) AS all_npl,
        CAST(SUM(tech_rmb) AS DOUBLE) AS tech,
        CAST(SUM(tech_npl_rmb) AS DOUBLE) AS tech_npl,
        CAST(SUM(npl_tolerance * tech_rmb) AS DOUBLE) AS weighted_tolerance,
        CAST(MAX(npl_tolerance) AS DOUBLE) AS own_tolerance
    FROM quarter
    LEFT JOIN bank USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
ratio AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * tech_npl / NULLIF(tech, 0) AS tech_npl_ratio,
        100.0 * all_npl / NULLIF(all_loans, 0) AS all_npl_ratio,
        CASE WHEN cut = 'bank' THEN own_tolerance ELSE weighted_tolerance / NULLIF(tech, 0) END AS tolerance,
        tech_npl_ratio - all_npl_ratio AS gap,
        gap - tolerance AS over_tolerance
    FROM book
),
figure AS (
    SELECT
        *,
        CASE
            -- without a gap of the city no bank has one
            WHEN cut = 'total' AND over_tolerance IS NOT NULL THEN CAST(
                COUNT(*) FILTER (WHERE cut = 'bank' AND over_tolerance > 0) OVER (PARTITION BY quarter) AS DOUBLE
            )
        END AS banks_over
    FROM ratio
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (over_tolerance, gap, tech_npl_ratio, all_npl_ratio, tolerance, banks_over)
)
WHERE cut = 'total' OR component <> 'banks_over'
