-- id: local_bank_micro_share
-- measure: 7
-- zh: 地方法人银行中小微占比
-- en: Small-firm share of local banks' tech loans
-- period: quarter
-- component: share | % | not additive | 小微企业占比 | Share of small and micro firms
-- component: share_sme | % | not additive | 中小微企业占比 | Share of medium, small and micro firms
-- cuts: total
-- direction: up
-- source: metrics.csv: tech loans of local banks to small and micro firms / their tech loans. Decided where it is
--   silent: balances at the quarter end; the size is that at grant, as the standard reports it; all sizes are in the
--   base.
-- source_zh: 地方法人银行对小微企业的科技贷款占其科技贷款的比例。补充口径：取季末余额；规模按报送标准取发放时的企业规
--   模；分母含各种规模。
-- needs: month(month), institution(institution_id, bank_type), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
local_note AS (
    SELECT *
    FROM tech_loan_quarter
    WHERE institution_id IN (SELECT institution_id FROM institution WHERE bank_type = 'local')
),
balance AS (
    SELECT
        quarter,
        CAST(SUM(balance_rmb) AS DOUBLE) AS tech,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE borrower_size IN ('CS03', 'CS04')), 0) AS DOUBLE) AS small,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE borrower_size IN ('CS02', 'CS03', 'CS04')), 0) AS DOUBLE) AS sme
    FROM quarter
    LEFT JOIN local_note USING (quarter)
    GROUP BY quarter
),
figure AS (
    SELECT quarter, 100.0 * small / NULLIF(tech, 0) AS share, 100.0 * sme / NULLIF(tech, 0) AS share_sme FROM balance
)
SELECT
    quarter AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_sme))
