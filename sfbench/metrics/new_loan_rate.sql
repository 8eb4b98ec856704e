-- id: new_loan_rate
-- measure: 20
-- zh: 新发放企业贷款加权利率
-- en: Weighted rate of new corporate loans
-- period: month
-- component: rate | % | not additive | 加权平均利率 | Weighted average rate
-- cuts: total, bank, borrower_kind
-- direction: down
-- source: metrics.csv: sum(amount x rate) / sum(amount) of RMB loans drawn in the month excluding bills. Decided
--   where it is silent: drawdowns of the month at the note's rate at grant; notes in CNY only; bills have no loan
--   notes, so none is excluded here; borrower_kind is the borrower's size at grant.
-- source_zh: 当月发放的人民币贷款（不含票据）按金额加权的平均利率。补充口径：取当月发放额及其发放利率；只取人民币借据；
--   票据无借据，故无须剔除；借款人类别为发放时企业规模。
-- needs: drawdown_month

WITH rmb_drawdown AS (
    SELECT * FROM drawdown_month WHERE currency = 'CNY'
),
drawn AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, SUM(drawn_rmb_x_rate) AS weighted, SUM(drawn_rmb) AS amount
    FROM rmb_drawdown
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), SUM(drawn_rmb_x_rate), SUM(drawn_rmb)
    FROM rmb_drawdown
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'borrower_kind', borrower_size, SUM(drawn_rmb_x_rate), SUM(drawn_rmb)
    FROM rmb_drawdown
    GROUP BY month, borrower_size
)
SELECT
    month AS period,
    cut,
    cut_value,
    'rate' AS component,
    CAST(weighted AS DOUBLE) / NULLIF(CAST(amount AS DOUBLE), 0) AS value,
    CASE WHEN amount = 0 THEN 'zero base' END AS reason
FROM drawn
