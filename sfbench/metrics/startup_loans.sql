-- id: startup_loans
-- measure: 8
-- zh: 科技初创通贷款
-- en: Startup-scheme loans
-- period: quarter
-- component: firms | count | additive | 累计企业数 | Firms, cumulative
-- component: amount | CNY 100m | additive | 累计发放金额 | Amount granted, cumulative
-- component: firms_new | count | additive | 当季企业数 | Firms of the quarter
-- component: first_time_share | % | not additive | 首贷户占比 | Share of first-time borrowers
-- component: median_days | day | not additive | 审批天数中位数 | Median days to approve
-- cuts: total
-- direction: up
-- source: metrics.csv: firms, amount, share of first-time borrowers and days to approve. Decided where it is silent:
--   distinct borrowers and amounts of notes granted by the quarter end; firms of the quarter with a note granted in it,
--   first-time if such a note is a first loan; calendar days of the approvals of the quarter.
-- source_zh: 企业数、金额、首贷户占比和审批天数。补充口径：累计数为截至季末所发放借据的借款人（去重）和金额；当季企业
--   指当季有借据发放的企业，其中含首贷借据的为首贷户；审批天数为当季批准申请的自然日。
-- needs: month(month), scheme_contract, scheme_note

WITH quarter AS (
    SELECT
        month AS quarter,
        LAST_DAY(month - INTERVAL 3 MONTH) AS quarter_before
    FROM month
    WHERE MONTH(month) IN (3, 6, 9, 12)
),
note AS (
    SELECT * FROM scheme_note WHERE product = 'startup'
),
contract AS (
    SELECT * FROM scheme_contract WHERE product = 'startup'
),
granted AS (
    SELECT
        quarter,
        COUNT(DISTINCT enterprise_id) AS firms,
        COALESCE(SUM(amount_rmb), 0) AS amount_rmb,
        COUNT(DISTINCT enterprise_id) FILTER (WHERE granted_on > quarter_before) AS firms_new,
        COUNT(DISTINCT enterprise_id) FILTER (WHERE granted_on > quarter_before AND first_loan) AS first_time_firms
    FROM quarter
    LEFT JOIN note ON granted_on <= quarter
    GROUP BY quarter
),
speed AS (
    SELECT quarter, MEDIAN(decided_on - applied_on) AS median_days
    FROM quarter
    LEFT JOIN contract ON decided_on > quarter_before AND decided_on <= quarter
    GROUP BY quarter
),
figure AS (
    SELECT
        quarter,
        CAST(firms AS DOUBLE) AS firms,
        CAST(amount_rmb AS DOUBLE) / 1e8 AS amount,
        CAST(firms_new AS DOUBLE) AS firms_new,
        100.0 * CAST(first_time_firms AS DOUBLE) / NULLIF(CAST(firms_new AS DOUBLE), 0) AS first_time_share,
        median_days
    FROM granted
    JOIN speed USING (quarter)
)
SELECT
    quarter AS period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (firms, amount, firms_new, first_time_share, median_days))
