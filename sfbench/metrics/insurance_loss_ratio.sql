-- id: insurance_loss_ratio
-- measure: 15
-- zh: 科技保险赔付率
-- en: Loss ratio
-- period: year
-- component: loss_ratio | % | not additive | 赔付率 | Claims incurred over earned premium
-- component: loss_ratio_accident_year | % | not additive | 出险年度赔付率 | Losses of the year's accidents over earned
--   premium
-- component: paid_ratio | % | not additive | 简单赔付率 | Claims paid over premium written
-- component: earned_premium | CNY 100m | additive | 已赚保费 | Earned premium
-- component: incurred | CNY 100m | additive | 已发生赔款 | Claims incurred
-- cuts: total, line
-- direction: none
-- source: metrics.csv: claims incurred / earned premium. Decided where it is silent: premium is earned evenly over the
--   days of cover, both ends included. Incurred in the calendar year is paid in it plus the reserves of claims open at
--   its end less those open a year before, and may be negative; a claim is open from its report until it is paid,
--   refused or withdrawn. The accident year takes claims of its losses reported by its end, at what is paid or
--   reserved then. paid_ratio is claims paid over premium written. Any payer and scope, before re-insurance.
-- source_zh: 已发生赔款除以已赚保费。补充口径：保费在保险期间内按日均匀计赚，首尾日均计入。日历年度已发生赔款为当年已
--   付赔款加年末未决准备金减上年末未决准备金，可为负；赔案自报案起至赔付、拒赔或撤案止为未决。出险年度口径取当年出险、
--   截至年末已报案的赔案，按当时已付或准备金计。简单赔付率为赔付额除以承保保费。不限付费人和口径，未扣再保险。
-- needs: month(month), insurance_policy(policy_id, line, written_on, starts_on, ends_on, premium),
--   insurance_claim(policy_id, occurred_on, reported_on, reserve, decided_on, outcome, paid_on, amount_paid)

WITH year AS (
    SELECT month AS period, CAST(DATE_TRUNC('year', month) AS DATE) AS first_day
    FROM month
    WHERE MONTH(month) = 12
),
claim AS (
    SELECT
        line,
        occurred_on,
        reported_on,
        reserve,
        paid_on,
        amount_paid,
        CASE
            WHEN outcome IN ('refused', 'withdrawn') THEN decided_on
            WHEN outcome = 'paid' THEN paid_on
        END AS closed_on
    FROM insurance_claim
    JOIN insurance_policy ON insurance_policy.policy_id = insurance_claim.policy_id
),
claim_year AS (
    SELECT
        period,
        line,
        CASE WHEN paid_on BETWEEN first_day AND period THEN amount_paid ELSE 0 END AS paid,
        CASE WHEN closed_on IS NULL OR closed_on > period THEN reserve ELSE 0 END AS open_reserve,
        CASE
            WHEN reported_on < first_day AND (closed_on IS NULL OR closed_on >= first_day) THEN reserve
            ELSE 0
        END AS earlier_reserve,
        occurred_on BETWEEN first_day AND period AS accident_of_year,
        CASE WHEN paid_on <= period THEN amount_paid ELSE 0 END AS paid_to_date
    FROM year
    JOIN claim ON reported_on <= period
),
item AS (
    SELECT
        period,
        line,
        0 AS written,
        0 AS earned,
        paid,
        paid + open_reserve - earlier_reserve AS incurred,
        CASE WHEN accident_of_year THEN paid_to_date + open_reserve ELSE 0 END AS accident_incurred
    FROM claim_year
    UNION ALL
    SELECT
        period,
        line,
        CASE WHEN written_on BETWEEN first_day AND period THEN premium ELSE 0 END,
        CAST(premium AS DOUBLE)
        * GREATEST(0, LEAST(ends_on, period) - GREATEST(starts_on, first_day) + 1)
        / NULLIF(ends_on - starts_on + 1, 0),
        0,
        0,
        0
    FROM year
    JOIN insurance_policy
        ON starts_on <= period AND ends_on >= first_day
        OR written_on BETWEEN first_day AND period
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(line) = 1 THEN 'total' ELSE 'line' END AS cut,
        COALESCE(line, 'total') AS cut_value,
        SUM(written) AS written,
        COALESCE(SUM(earned), 0) AS earned,
        SUM(paid) AS paid,
        COALESCE(SUM(incurred), 0) AS incurred,
        SUM(accident_incurred) AS accident_incurred
    FROM year
    LEFT JOIN item USING (period)
    GROUP BY GROUPING SETS ((period), (period, line))
    HAVING cut = 'total' OR line IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(incurred AS DOUBLE) / NULLIF(earned, 0) AS loss_ratio,
        100.0 * CAST(accident_incurred AS DOUBLE) / NULLIF(earned, 0) AS loss_ratio_accident_year,
        100.0 * CAST(paid AS DOUBLE) / NULLIF(CAST(written AS DOUBLE), 0) AS paid_ratio,
        earned / 1e8 AS earned_premium,
        CAST(incurred AS DOUBLE) / 1e8 AS incurred
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (loss_ratio, loss_ratio_accident_year, paid_ratio, earned_premium, incurred)
)
WHERE cut = 'total' OR value IS NOT NULL
