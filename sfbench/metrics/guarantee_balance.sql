-- id: guarantee_balance
-- measure: 14
-- zh: 科创担保余额
-- en: Guarantee balance for tech firms
-- period: quarter
-- component: balance | CNY 100m | additive | 科技型企业在保责任 | Liability in force for tech enterprises
-- component: balance_all | CNY 100m | additive | 全部企业在保责任 | Liability in force for all borrowers
-- component: balance_own | CNY 100m | additive | 担保机构自留责任 | Of balance the guarantors' own shares
-- component: balance_outstanding | CNY 100m | additive | 按贷款余额折算的在保责任 | Balance scaled by what is left of the note
-- component: first_time_share | % | not additive | 首贷企业占比 | Share to first-time borrowers
-- cuts: total, guarantor
-- direction: up
-- source: metrics.csv: liability in force; share to first-time borrowers. Decided where it is silent: contracts from
--   the day they start until they are released (an unpaid note stays guaranteed past the agreed end); the amount is
--   the principal less the bank's share. balance takes contracts whose note is flagged as a tech enterprise's in the
--   month, balance_outstanding scales each of these by the part of the note that is left. Guarantees of bonds are in
--   measure 5.
-- source_zh: 在保责任；首贷企业占比。补充口径：合同自起始日至解除日计入（借据未还清的，约定到期后仍在保）；责任为本金
--   扣除银行分担部分。科技型企业口径取当月借据有科技型企业标识的合同，按贷款余额折算口径再乘以借据未还比例。债券担保
--   见举措5。
-- needs: month(month), guarantee_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) % 3 = 0
),
contract AS (
    SELECT
        *,
        CAST(guaranteed_amount AS DOUBLE)
            * LEAST(1, CAST(balance_rmb AS DOUBLE) / NULLIF(CAST(note_rmb AS DOUBLE), 0)) AS outstanding
    FROM guarantee_quarter
),
sums AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(guarantor_id) = 1 THEN 'total' ELSE 'guarantor' END AS cut,
        COALESCE(CAST(guarantor_id AS VARCHAR), 'total') AS cut_value,
        COALESCE(SUM(guaranteed_amount), 0) AS liability,
        COALESCE(SUM(guaranteed_amount) FILTER (WHERE tech_enterprise), 0) AS tech_liability,
        COALESCE(SUM(own_amount) FILTER (WHERE tech_enterprise), 0) AS own_liability,
        COALESCE(SUM(outstanding) FILTER (WHERE tech_enterprise), 0) AS outstanding,
        COALESCE(SUM(guaranteed_amount) FILTER (WHERE tech_enterprise AND first_loan), 0) AS first_liability
    FROM quarter
    LEFT JOIN contract USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, guarantor_id))
    HAVING cut = 'total' OR guarantor_id IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        CAST(tech_liability AS DOUBLE) / 1e8 AS balance,
        CAST(liability AS DOUBLE) / 1e8 AS balance_all,
        CAST(own_liability AS DOUBLE) / 1e8 AS balance_own,
        outstanding / 1e8 AS balance_outstanding,
        100.0 * CAST(first_liability AS DOUBLE) / NULLIF(CAST(tech_liability AS DOUBLE), 0) AS first_time_share
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (balance, balance_all, balance_own, balance_outstanding, first_time_share)
)
WHERE cut = 'total' OR value IS NOT NULL
