-- id: policy_bank_long_term_share
-- measure: 7
-- zh: 政策性银行长期贷款占比
-- en: Long-term share of policy-bank tech loans
-- period: quarter
-- component: share | % | not additive | 长期贷款占比(原始期限) | Share of original term over five years
-- component: share_residual | % | not additive | 长期贷款占比(剩余期限) | Share of remaining term over five years
-- component: long_balance | CNY 100m | additive | 长期贷款余额(原始期限) | Balance of original term over five years
-- cuts: total
-- direction: up
-- source: metrics.csv: tech loans of policy banks with term > 5 years / their tech loans. Decided where it is silent:
--   balances at the quarter end; exactly 60 months is not long; the remaining term runs to the extended due date, or to
--   the first one, and is long if that day lies after the day 60 months after the quarter end.
-- source_zh: 政策性银行5年期以上科技贷款占其科技贷款的比例。补充口径：取季末余额；恰好60个月不属长期；剩余期限算至展
--   期到期日，无展期的算至原到期日，晚于季末后60个月当日的为长期。
-- needs: month(month), institution(institution_id, bank_type), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
policy_note AS (
    SELECT *
    FROM tech_loan_quarter
    WHERE institution_id IN (SELECT institution_id FROM institution WHERE bank_type = 'policy')
),
balance AS (
    SELECT
        quarter,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) AS tech,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE long_term), 0) AS DOUBLE) AS long_term,
        CAST(COALESCE(SUM(long_residual_rmb), 0) AS DOUBLE) AS long_residual
    FROM quarter
    LEFT JOIN policy_note USING (quarter)
    GROUP BY quarter
),
figure AS (
    SELECT
        quarter,
        100.0 * long_term / NULLIF(tech, 0) AS share,
        100.0 * long_residual / NULLIF(tech, 0) AS share_residual,
        long_term / 1e8 AS long_balance
    FROM balance
)
SELECT
    quarter AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_residual, long_balance))
