-- id: merger_loan_balance
-- measure: 4
-- zh: 并购贷款余额
-- en: M&A loan balance
-- period: quarter
-- component: balance | CNY 100m | additive | 并购贷款余额 | Balance
-- component: loan_share | % | not additive | 贷款占并购价款比例 | Share of the price paid by the loan
-- component: tenor | month | not additive | 平均期限 | Mean original tenor
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: balance of M&A loans; share of deal price financed; term. Decided where it is silent: notes of
--   the class M&A loan (F12) on the books at the quarter's end, of borrowers in and out of the city, tech or not. The
--   share is of the mergers that these notes pay, as agreed at closing; the tenor is the original one, weighted by
--   balance.
-- source_zh: 并购贷款余额、占并购价款比例、期限。补充口径：取季末在账的并购贷款（F12）借据，借款人不限市内外、不限是
--   否科技型企业。占比以这些借据所支付的并购为对象，价款为交割时约定；期限为原始期限，按余额加权。
-- needs: month(month), merger(loan_id, loan_amount, price), merger_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) % 3 = 0
),
paid_merger AS (
    SELECT loan_id, SUM(loan_amount) AS loan_amount, SUM(price) AS price
    FROM merger
    WHERE loan_id IS NOT NULL
    GROUP BY loan_id
),
note AS (
    SELECT quarter, CAST(institution_id AS VARCHAR) AS bank, balance_rmb, tenor_months, loan_amount, price
    FROM followed_note_quarter
    JOIN merger_note USING (loan_id)
    LEFT JOIN paid_merger USING (loan_id)
),
sums AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank) = 0 THEN 'bank' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(bank) = 0 THEN bank ELSE 'total' END AS cut_value,
        CAST(COALESCE(SUM(balance_rmb), 0) AS DOUBLE) AS balance,
        SUM(CAST(balance_rmb AS DOUBLE) * tenor_months) AS balance_x_tenor,
        CAST(SUM(loan_amount) AS DOUBLE) AS loan_amount,
        CAST(SUM(price) AS DOUBLE) AS price
    FROM quarter
    LEFT JOIN note USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        balance / 1e8 AS balance,
        100.0 * loan_amount / NULLIF(price, 0) AS loan_share,
        balance_x_tenor / NULLIF(balance, 0) AS tenor
    FROM sums
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (balance, loan_share, tenor))
WHERE cut = 'total' OR value IS NOT NULL
