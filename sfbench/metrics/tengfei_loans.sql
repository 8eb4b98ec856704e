-- id: tengfei_loans
-- measure: 8
-- zh: 腾飞贷
-- en: Tengfei loans
-- period: quarter
-- component: firms | count | additive | 签约企业数 | Firms with a contract
-- component: banks | count | not additive | 签约银行数 | Banks with a contract
-- component: contract_amount | CNY 100m | additive | 签约金额 | Amount of contracts
-- component: drawn_amount | CNY 100m | additive | 放款金额 | Amount drawn
-- component: balance | CNY 100m | additive | 贷款余额 | Balance
-- cuts: total, version
-- direction: up
-- source: metrics.csv: firms, contracts, amounts and balance of the Tengfei products. Decided where it is silent:
--   cumulative since launch, as it is published; a contract is an approved application, drawn or not, by the day of
--   decision; firms and banks are distinct, so the versions do not add up to the total; the amount drawn is that of
--   notes by the day of grant; the balance is at the quarter end.
-- source_zh: 腾飞贷产品的企业数、签约、金额和余额。补充口径：按公布口径自推出起累计；签约指已批准的申请，不论是否放款，
--   按审批日计；企业数和银行数去重，故各版本不可加总；放款金额按借据放款日计；余额为季末数。
-- needs: month(month), scheme_contract, scheme_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
contract AS (
    SELECT quarter, product, enterprise_id, institution_id, amount_approved
    FROM quarter
    JOIN scheme_contract ON decided_on <= quarter
    WHERE product LIKE 'tengfei%'
),
drawdown AS (
    SELECT quarter, product, amount_rmb
    FROM quarter
    JOIN scheme_note ON granted_on <= quarter
    WHERE product LIKE 'tengfei%'
),
note_balance AS (
    SELECT quarter, product, balance_rmb
    FROM followed_note_quarter
    JOIN scheme_note USING (loan_id)
    WHERE product LIKE 'tengfei%'
),
event AS (
    SELECT
        quarter,
        product,
        enterprise_id,
        institution_id,
        amount_approved AS contract_rmb,
        0 AS drawn_rmb,
        0 AS balance_rmb
    FROM quarter
    LEFT JOIN contract USING (quarter)
    UNION ALL
    SELECT quarter, product, NULL, NULL, 0, amount_rmb, 0 FROM drawdown
    UNION ALL
    SELECT quarter, product, NULL, NULL, 0, 0, balance_rmb FROM note_balance
),
figure AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(product) = 1 THEN 'total' ELSE 'version' END AS cut,
        CASE WHEN GROUPING(product) = 1 THEN 'total' ELSE product END AS cut_value,
        CAST(COUNT(DISTINCT enterprise_id) AS DOUBLE) AS firms,
        CAST(COUNT(DISTINCT institution_id) AS DOUBLE) AS banks,
        CAST(COALESCE(SUM(contract_rmb), 0) AS DOUBLE) / 1e8 AS contract_amount,
        CAST(SUM(drawn_rmb) AS DOUBLE) / 1e8 AS drawn_amount,
        CAST(SUM(balance_rmb) AS DOUBLE) / 1e8 AS balance
    FROM event
    GROUP BY GROUPING SETS ((quarter), (quarter, product))
    HAVING GROUPING(product) = 1 OR product IS NOT NULL
)
SELECT quarter AS period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (firms, banks, contract_amount, drawn_amount, balance))
