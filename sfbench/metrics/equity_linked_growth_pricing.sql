-- id: equity_linked_growth_pricing
-- measure: 8
-- zh: 成长期定价分享
-- en: Growth-linked pricing
-- period: year
-- component: rate_adjustment | bp | not additive | 挂钩成长的利率调整 | Rate change since grant beyond the benchmark's
-- component: rate_change | bp | not additive | 较发放时利率变动 | Rate change since grant
-- component: benchmark_change | bp | not additive | 其中基准变动 | of it by the benchmark
-- component: gain_paid | CNY 100m | additive | 分享收益 | Share of gains paid
-- component: gain_share | % | not additive | 分享比例 | Gains paid over the rise in value
-- cuts: total, version
-- direction: none
-- source: metrics.csv: realised rate adjustment and gains shared. Decided where it is silent: no table holds the
--   schedule of targets, so what was realised is the rate change that the benchmark does not explain; notes of the
--   Tengfei products (version = product) and others with a warrant (version = warrant), weighted by balance at 31
--   December. The benchmark moves a floating LPR note only once it was repriced, to the LPR (5-year from 60 months on)
--   of the year's month of repricing; floating notes on another benchmark, and those whose month is not known, are left
--   out. Gains are of warrants exercised in the year, their share is of the rise in value above the strike.
-- source_zh: 已实现的利率调整和收益分享。补充口径：各表未载挂钩指标安排，故以基准不能解释的利率变动为已实现调整；对象
--   为腾飞贷产品借据（product）和其他附认股权的借据（warrant），按12月31日余额加权。LPR浮动利率借据只在重定价后随基准
--   变动，取当年重定价月的LPR（60个月及以上为5年期）；以其他基准浮动和重定价月不明的借据不计。收益为当年行权的认股权
--   收益，分享比例以超出行权价的增值为分母。
-- needs: month(month, lpr_1y, lpr_5y), warrant(loan_id, strike_value, outcome, ended_on, value_at_end, gain),
--   growth_priced_note, balance_quarter
-- open: a note counts for all years once a warrant is tied to it

WITH year_end AS (
    SELECT month AS year_end FROM month WHERE MONTH(month) = 12
),
outstanding AS (
    SELECT balance_quarter.month AS year_end, growth_priced_note.*, balance_rmb, rate
    FROM balance_quarter
    JOIN growth_priced_note USING (loan_id)
    WHERE MONTH(balance_quarter.month) = 12
),
repricing AS (
    SELECT
        year_end,
        version,
        CAST(balance_rmb AS DECIMAL(38, 2)) AS balance_rmb,
        100 * (rate - grant_rate) AS rate_change,
        CASE
            WHEN rate_kind = 'RF01' THEN 0
            WHEN benchmark IS DISTINCT FROM 'TR05' THEN NULL
            WHEN repricing_on > year_end THEN 0
            WHEN tenor_months >= 60 THEN 100 * (lpr_5y - benchmark_rate)
            ELSE 100 * (lpr_1y - benchmark_rate)
        END AS benchmark_change
    FROM outstanding
    LEFT JOIN month ON YEAR(month.month) = YEAR(year_end) AND MONTH(month.month) = MONTH(repricing_on)
),
weighted AS (
    SELECT
        year_end,
        version,
        balance_rmb,
        balance_rmb * rate_change AS weighted_rate,
        balance_rmb * benchmark_change AS weighted_benchmark,
        0 AS gain,
        0 AS rise
    FROM repricing
    WHERE benchmark_change IS NOT NULL
    UNION ALL
    SELECT
        LAST_DAY(DATE_TRUNC('year', ended_on) + INTERVAL 11 MONTH),
        COALESCE(version, 'warrant'),
        0,
        0,
        0,
        gain,
        value_at_end - strike_value
    FROM warrant
    LEFT JOIN growth_priced_note ON growth_priced_note.loan_id = warrant.loan_id
    WHERE outcome = 'exercised'
),
year_sum AS (
    SELECT
        year_end,
        CASE WHEN GROUPING(version) = 1 THEN 'total' ELSE 'version' END AS cut,
        CASE WHEN GROUPING(version) = 1 THEN 'total' ELSE version END AS cut_value,
        CAST(SUM(balance_rmb) AS DOUBLE) AS balance,
        CAST(SUM(weighted_rate) AS DOUBLE) AS weighted_rate,
        CAST(SUM(weighted_benchmark) AS DOUBLE) AS weighted_benchmark,
        CAST(COALESCE(SUM(gain), 0) AS DOUBLE) AS gain,
        CAST(SUM(rise) AS DOUBLE) AS rise
    FROM year_end
    LEFT JOIN weighted USING (year_end)
    GROUP BY GROUPING SETS ((year_end), (year_end, version))
    HAVING GROUPING(version) = 1 OR version IS NOT NULL
),
figure AS (
    SELECT
        year_end,
        cut,
        cut_value,
        (weighted_rate - weighted_benchmark) / NULLIF(balance, 0) AS rate_adjustment,
        weighted_rate / NULLIF(balance, 0) AS rate_change,
        weighted_benchmark / NULLIF(balance, 0) AS benchmark_change,
        gain / 1e8 AS gain_paid,
        100.0 * gain / NULLIF(rise, 0) AS gain_share
    FROM year_sum
)
SELECT
    year_end AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (rate_adjustment, rate_change, benchmark_change, gain_paid, gain_share)
)
