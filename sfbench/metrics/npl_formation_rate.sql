-- id: npl_formation_rate
-- measure: 19
-- zh: 不良生成率
-- en: NPL formation
-- period: quarter
-- component: rate | % | not additive | 不良生成率 | NPL formation
-- component: rate_tech | % | not additive | 科技贷款不良生成率 | NPL formation of tech loans
-- component: formation | CNY 100m | additive | 不良生成额 | NPL formed
-- component: disposals | CNY 100m | additive | 核销与转让额 | Written off and transferred
-- cuts: total, bank, vintage
-- direction: down
-- source: metrics.csv: (change in NPL + written off + transferred + securitised) / opening balance; by loan age.
--   Decided where it is silent: notes at the quarter's last day and at that of the quarter before. formation = change
--   of the non-performing balance and what was written off or transferred in the quarter, of any grade (a
--   securitisation would be a transfer); net of what was collected, it can be negative; a quarter's rate over the
--   opening balance of all notes. Tech: each balance by its own month end's flags, a disposal by the flag at the month
--   end before its day, or by use. Vintage is the year of the grant.
-- source_zh: （不良余额变动＋核销＋转让＋证券化）除以期初余额；按贷款账龄列示。补充口径：取季末和上季末借据。不良生成
--   额为不良余额变动加当季各类借据的核销和转让（证券化归入转让）；已扣除清收，可为负；季度比率以全部借据期初余额为分
--   母。科技贷款余额按各自月末标识，处置按处置日前一月末标识，或按投向。账龄以放款年份计。
-- needs: month(month), bank_loan_month, loan_stage_month, impaired_note_month, disposal_month

WITH quarter AS (
    SELECT month AS period, LAST_DAY(month - INTERVAL 3 MONTH) AS opening
    FROM month
    WHERE MONTH(month) % 3 = 0
),
opened_quarter AS (
    SELECT period, opening FROM quarter WHERE opening IN (SELECT month FROM month)
),
book AS (
    SELECT
        month,
        'bank' AS cut,
        CAST(institution_id AS VARCHAR) AS cut_value,
        balance_rmb,
        tech_enterprise OR tech_use AS tech
    FROM bank_loan_month
    UNION ALL
    SELECT month, 'vintage', CAST(vintage AS VARCHAR), balance_rmb, tech_enterprise OR tech_use
    FROM loan_stage_month
),
npl_sum AS (
    SELECT month, institution_id, vintage, tech_enterprise OR tech_use AS tech, SUM(balance_rmb) AS balance_rmb
    FROM impaired_note_month
    WHERE npl AND month IN (SELECT period FROM quarter)
    GROUP BY month, institution_id, vintage, tech_enterprise OR tech_use
),
npl AS (
    SELECT month, 'bank' AS cut, CAST(institution_id AS VARCHAR) AS cut_value, balance_rmb, tech FROM npl_sum
    UNION ALL
    SELECT month, 'vintage', CAST(vintage AS VARCHAR), balance_rmb, tech FROM npl_sum
),
disposed AS (
    SELECT month, 'bank' AS cut, CAST(institution_id AS VARCHAR) AS cut_value, disposed_rmb, tech_loan_disposed_rmb
    FROM disposal_month
    UNION ALL
    SELECT month, 'vintage', CAST(vintage AS VARCHAR), disposed_rmb, tech_loan_disposed_rmb
    FROM disposal_month
),
part AS (
    SELECT
        period,
        cut,
        cut_value,
        balance_rmb AS base,
        CASE WHEN tech THEN balance_rmb ELSE 0 END AS tech_base,
        0 AS formed,
        0 AS tech_formed,
        0 AS disposed
    FROM opened_quarter
    JOIN book ON month = opening
    UNION ALL
    SELECT period, cut, cut_value, 0, 0, -balance_rmb, CASE WHEN tech THEN -balance_rmb ELSE 0 END, 0
    FROM opened_quarter
    JOIN npl ON month = opening
    UNION ALL
    SELECT period, cut, cut_value, 0, 0, balance_rmb, CASE WHEN tech THEN balance_rmb ELSE 0 END, 0
    FROM opened_quarter
    JOIN npl ON month = period
    UNION ALL
    SELECT period, cut, cut_value, 0, 0, disposed_rmb, tech_loan_disposed_rmb, disposed_rmb
    FROM opened_quarter
    JOIN disposed ON month > opening AND month <= period
),
amounts AS (
    SELECT
        period,
        cut,
        cut_value,
        SUM(base) AS base,
        SUM(tech_base) AS tech_base,
        SUM(formed) AS formed,
        SUM(tech_formed) AS tech_formed,
        SUM(disposed) AS disposed
    FROM part
    GROUP BY period, cut, cut_value
),
-- The banks add up to the total.
cut_amounts AS (
    SELECT quarter.period, 'total' AS cut, 'total' AS cut_value, amounts.* EXCLUDE (period, cut, cut_value)
    FROM quarter
    LEFT JOIN amounts ON amounts.period = quarter.period AND cut = 'bank'
    UNION ALL
    SELECT * FROM amounts
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(SUM(formed) AS DOUBLE) / NULLIF(CAST(SUM(base) AS DOUBLE), 0) AS rate,
        100.0 * CAST(SUM(tech_formed) AS DOUBLE) / NULLIF(CAST(SUM(tech_base) AS DOUBLE), 0) AS rate_tech,
        CAST(SUM(formed) AS DOUBLE) / 1e8 AS formation,
        CAST(SUM(disposed) AS DOUBLE) / 1e8 AS disposals
    FROM cut_amounts
    GROUP BY period, cut, cut_value
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN component = 'rate_tech' THEN '2025' END AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_tech, formation, disposals))
WHERE value IS NOT NULL OR (cut = 'total' AND component IN ('rate', 'rate_tech'))
