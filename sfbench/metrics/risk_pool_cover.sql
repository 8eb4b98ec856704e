-- id: risk_pool_cover
-- measure: 14
-- zh: 风险补偿比例
-- en: Share of loss compensated
-- period: quarter
-- component: cover | % | not additive | 补偿占已审批不良本金比例 | Compensation over bad principal decided on
-- component: cover_first | % | not additive | 其中首贷 | The same of first loans
-- component: cover_paid | % | not additive | 已获补偿贷款的补偿比例 | Compensation over bad principal of those paid
-- component: compensation | CNY 100m | additive | 当季拨付补偿 | Compensation paid in the quarter
-- component: npl_filed | CNY 100m | additive | 当季申请的不良本金 | Bad principal filed in the quarter
-- cuts: total, bank
-- direction: up
-- target: <=50
-- judged: cover, cover_paid
-- source: metrics.csv: compensation / non-performing principal filed; first-time borrowers apart. Decided where it is
--   silent: cover takes claims decided in the quarter: what was paid, or is still to be paid by the share granted,
--   over the bad principal of all of them, refused ones included at 0; cover_paid takes claims paid in the quarter.
--   compensation goes by the day paid, npl_filed by the day filed. What was paid back out of recoveries is not taken
--   off; the bank is the note's. 50 % is the cap of a claim: refused ones pull cover below it, so cover_paid is judged,
--   too.
-- source_zh: 补偿额占申请不良本金的比例，首贷单列。补充口径：补偿比例取当季审批的申请，分子为已拨付或按批准比例待拨付
--   额，分母为其全部不良本金，未获批的以0计入；已获补偿口径取当季拨付的申请。拨付补偿按拨付日、申请本金按申请日计。追
--   偿返还不扣除；银行为借据的银行。50%为单笔补偿上限，未获批的申请会拉低补偿比例，故已获补偿口径同时判断。
-- needs: month(month), risk_claim_note

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
step AS (
    SELECT
        'decision' AS step,
        decided_on AS day,
        institution_id,
        first_loan,
        npl_principal,
        CASE
            WHEN decision = 'paid' THEN COALESCE(paid, CAST(net_principal AS DECIMAL(38, 2)) * share * 0.01)
            ELSE 0
        END AS compensation
    FROM risk_claim_note
    UNION ALL
    SELECT 'payment', paid_on, institution_id, first_loan, npl_principal, paid FROM risk_claim_note
    UNION ALL
    SELECT 'filing', filed_on, institution_id, first_loan, npl_principal, 0 FROM risk_claim_note
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        SUM(npl_principal) FILTER (WHERE step = 'decision') AS decided,
        SUM(compensation) FILTER (WHERE step = 'decision') AS granted,
        SUM(npl_principal) FILTER (WHERE step = 'decision' AND first_loan) AS first_decided,
        SUM(compensation) FILTER (WHERE step = 'decision' AND first_loan) AS first_granted,
        SUM(npl_principal) FILTER (WHERE step = 'payment') AS paid_principal,
        COALESCE(SUM(compensation) FILTER (WHERE step = 'payment'), 0) AS paid,
        COALESCE(SUM(npl_principal) FILTER (WHERE step = 'filing'), 0) AS filed
    FROM quarter
    LEFT JOIN step ON DATE_TRUNC('quarter', day) = DATE_TRUNC('quarter', period)
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(granted AS DOUBLE) / NULLIF(CAST(decided AS DOUBLE), 0) AS cover,
        100.0 * CAST(first_granted AS DOUBLE) / NULLIF(CAST(first_decided AS DOUBLE), 0) AS cover_first,
        100.0 * CAST(paid AS DOUBLE) / NULLIF(CAST(paid_principal AS DOUBLE), 0) AS cover_paid,
        CAST(paid AS DOUBLE) / 1e8 AS compensation,
        CAST(filed AS DOUBLE) / 1e8 AS npl_filed
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
UNPIVOT INCLUDE NULLS (value FOR component IN (cover, cover_first, cover_paid, compensation, npl_filed))
WHERE cut = 'total' OR value IS NOT NULL
