-- id: data_asset_pledge_loans
-- measure: 13
-- zh: 数据资产质押贷款
-- en: Data-asset pledge loans
-- period: quarter
-- component: loans | count | additive | 当季新增笔数 | Notes newly secured in the quarter
-- component: amount | CNY 100m | additive | 当季新增担保本金 | Principal newly secured
-- component: loan_to_value | % | not additive | 质押率 | Loan-to-value ratio of the new ones
-- component: balance | CNY 100m | additive | 期末余额 | Balance of notes so secured
-- component: loans_outstanding | count | additive | 期末笔数 | Such notes outstanding
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: count; amount; loan-to-value. Decided where it is silent: data assets that secure notes of any
--   product; new are those secured in the quarter, notes counted once, loan-to-value over the sums of principal
--   secured and of value at grant. balance takes the whole of every note that is so secured by the quarter's end,
--   once, whatever else secures it.
-- source_zh: 数据资产质押贷款的笔数、金额和质押率。补充口径：取以数据资产作担保的各类产品借据；当季新增指当季设定担保，
--   笔数按借据计一次，质押率为担保本金合计除以放款时估值合计。期末余额取截至季末有该担保的借据全额，只计一次，不论有
--   无其他担保。
-- needs: month(month), data_asset_pledge, followed_note_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
pledged_note AS (
    SELECT loan_id, institution_id, MIN(secured_on) AS secured_on
    FROM data_asset_pledge
    GROUP BY loan_id, institution_id
),
-- New pledges, and notes secured earlier or now with what is left of them.
item AS (
    SELECT
        period,
        institution_id,
        loan_id AS new_loan_id,
        secured_amount,
        value AS asset_value,
        0 AS balance_rmb
    FROM quarter
    JOIN data_asset_pledge ON DATE_TRUNC('quarter', secured_on) = DATE_TRUNC('quarter', period)
    UNION ALL
    SELECT quarter, institution_id, NULL, NULL, NULL, balance_rmb
    FROM followed_note_quarter AS note
    JOIN pledged_note ON pledged_note.loan_id = note.loan_id AND secured_on <= quarter
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        COUNT(DISTINCT new_loan_id) AS loans,
        COALESCE(SUM(secured_amount), 0) AS secured_amount,
        SUM(asset_value) AS asset_value,
        COALESCE(SUM(balance_rmb), 0) AS balance_rmb,
        COUNT(*) FILTER (WHERE balance_rmb > 0) AS loans_outstanding
    FROM quarter
    LEFT JOIN item USING (period)
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(loans AS DOUBLE) AS loans,
        CAST(secured_amount AS DOUBLE) / 1e8 AS amount,
        100.0 * CAST(secured_amount AS DOUBLE) / NULLIF(CAST(asset_value AS DOUBLE), 0) AS loan_to_value,
        CAST(balance_rmb AS DOUBLE) / 1e8 AS balance,
        CAST(loans_outstanding AS DOUBLE) AS loans_outstanding
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (loans, amount, loan_to_value, balance, loans_outstanding))
WHERE cut = 'total' OR value IS NOT NULL
