-- id: online_credit_share
-- measure: 13
-- zh: 线上信贷占比
-- en: Share of credit granted online
-- period: quarter
-- component: share_amount | % | not additive | 线上发放科技贷款金额占比 | Share of tech-loan amount granted online
-- component: share_count | % | not additive | 线上发放科技贷款笔数占比 | Share of tech-loan notes granted online
-- component: median_hours | hour | not additive | 线上申请至授信时长中位数 | Median hours to credit online
-- component: median_hours_other | hour | not additive | 其他渠道申请至授信时长中位数 | Median hours to credit in other channels
-- component: online_amount | CNY 100m | additive | 线上发放科技贷款金额 | Tech loans granted online
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: loans approved online / tech loans; median hours to credit. Decided where it is silent: notes
--   granted in the quarter that are tech loans by use or to a firm that is a tech enterprise on that day; online is
--   the channel of the note's application (a credit platform is another channel). Hours: applications approved in the
--   quarter, drawn or not, of firms that are tech enterprises on the day of the decision; 24 x days from application
--   to decision, because the tables hold days.
-- source_zh: 线上审批发放的科技贷款占比；申请至授信小时数的中位数。补充口径：取当季发放、投向科技或借款人当日为科技型
--   企业的借据；线上指借据对应申请的渠道（征信平台为另一渠道）。时长取当季批准、审批日为科技型企业的申请，不论是否放
--   款；各表只载日期，故以天数乘24小时计。
-- needs: month(month), tech_grant_quarter, tech_application

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
granted AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        SUM(amount_rmb) AS amount_rmb,
        COALESCE(SUM(amount_rmb) FILTER (WHERE online), 0) AS online_rmb,
        SUM(notes) AS notes,
        COALESCE(SUM(notes) FILTER (WHERE online), 0) AS online_notes
    FROM quarter
    LEFT JOIN tech_grant_quarter ON quarter = period
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
),
approval AS (
    SELECT
        period,
        institution_id,
        COALESCE(channel = 'online', FALSE) AS online,
        24 * (decided_on - applied_on) AS hours
    FROM quarter
    JOIN tech_application ON decided_quarter = period
    WHERE tech_when_decided AND decision = 'approved'
),
wait AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        MEDIAN(hours) FILTER (WHERE online) AS median_hours,
        MEDIAN(hours) FILTER (WHERE NOT online) AS median_hours_other
    FROM approval
    GROUP BY GROUPING SETS ((period), (period, institution_id))
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(online_rmb AS DOUBLE) / NULLIF(CAST(amount_rmb AS DOUBLE), 0) AS share_amount,
        100.0 * CAST(online_notes AS DOUBLE) / NULLIF(CAST(notes AS DOUBLE), 0) AS share_count,
        CAST(median_hours AS DOUBLE) AS median_hours,
        CAST(median_hours_other AS DOUBLE) AS median_hours_other,
        CAST(COALESCE(online_rmb, 0) AS DOUBLE) / 1e8 AS online_amount
    FROM granted
    FULL JOIN wait USING (period, cut, cut_value)
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (share_amount, share_count, median_hours, median_hours_other, online_amount)
)
WHERE cut = 'total' OR value IS NOT NULL
