-- id: grade_migration
-- measure: 19
-- zh: 贷款迁徙率
-- en: Downward migration rates
-- period: year
-- component: pass | % | not additive | 正常类贷款迁徙率 | Pass loans now worse
-- component: special_mention | % | not additive | 关注类贷款迁徙率 | Special-mention loans now worse
-- component: substandard | % | not additive | 次级类贷款迁徙率 | Substandard loans now worse
-- component: doubtful | % | not additive | 可疑类贷款迁徙率 | Doubtful loans now worse
-- component: performing_to_npl | % | not additive | 正常贷款迁徙率 | Pass and special-mention loans now non-performing
-- component: pass_tech | % | not additive | 科技贷款正常类迁徙率 | Tech pass loans now worse
-- component: pass_on_books | % | not additive | 正常类贷款迁徙率(剔除处置) | Pass loans now worse, disposals left out
-- component: amount | CNY 100m | additive | 期末余额及处置额 | Closing balance and disposals of the opening loans
-- cuts: total, bank, grade_pair
-- direction: down
-- source: metrics.csv: opening pass loans now worse / (opening balance - opening loans repaid in the period); same for
--   each grade; 5x5 matrix beside. Decided where it is silent: notes open at the end of the year before, with their
--   grade then. Kept is their balance at the year's end and what was written off or transferred of them, so the opening
--   balance less what was repaid or recovered; worse is the part of it in a lower grade or disposed of.
--   performing_to_npl starts from pass and special mention; pass_on_books leaves disposals out of both parts; amount on
--   grade_pair is the matrix, `out` what was disposed of. Currency notes keep the valuation.
-- source_zh: 期初某类贷款中期末下迁的部分，除以期初余额减期初贷款本期还款额；各级同法，另列5×5矩阵。补充口径：取上年
--   末未结清的借据及其当时分类。分母为年末余额及其核销、转让额，即期初余额减归还和回收；分子为其中分类下迁或已处置的
--   部分。正常贷款迁徙率以正常类和关注类为起点；剔除处置口径在分子分母中均不含处置；按级别对分组的金额即为矩阵，out为
--   处置额。外币借据按其折算值。
-- needs: month(month), grade_move_year

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
move AS (
    SELECT
        period,
        institution_id,
        opening_grade,
        closing_grade,
        tech,
        closing_rmb,
        disposed_rmb,
        closing_rmb + disposed_rmb AS kept,
        CASE WHEN closing_grade > opening_grade THEN closing_rmb ELSE 0 END AS fallen,
        CASE WHEN closing_grade IN ('FQ03', 'FQ04', 'FQ05') THEN closing_rmb ELSE 0 END AS npl
    FROM year
    JOIN grade_move_year ON year_end = period
),
cut_move AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, move.* EXCLUDE (period) FROM year LEFT JOIN move USING (period)
    UNION ALL
    SELECT period, 'bank', CAST(institution_id AS VARCHAR), move.* EXCLUDE (period) FROM move
),
-- For every rate the part that went down and its base.
part AS (
    SELECT
        period,
        cut,
        cut_value,
        CASE opening_grade
            WHEN 'FQ01' THEN 'pass'
            WHEN 'FQ02' THEN 'special_mention'
            WHEN 'FQ03' THEN 'substandard'
            WHEN 'FQ04' THEN 'doubtful'
        END AS component,
        fallen + disposed_rmb AS worse,
        kept AS base
    FROM cut_move
    WHERE opening_grade <> 'FQ05'
    UNION ALL
    SELECT period, cut, cut_value, 'performing_to_npl', npl + disposed_rmb, kept
    FROM cut_move
    WHERE opening_grade IN ('FQ01', 'FQ02')
    UNION ALL
    SELECT period, cut, cut_value, 'pass_tech', fallen + disposed_rmb, kept
    FROM cut_move
    WHERE opening_grade = 'FQ01' AND tech
    UNION ALL
    SELECT period, cut, cut_value, 'pass_on_books', fallen, closing_rmb
    FROM cut_move
    WHERE opening_grade = 'FQ01'
),
rate AS (
    SELECT
        period,
        cut,
        cut_value,
        component,
        100.0 * CAST(SUM(worse) AS DOUBLE) / NULLIF(CAST(SUM(base) AS DOUBLE), 0) AS value
    FROM part
    GROUP BY period, cut, cut_value, component
),
-- Every rate of a year on the total, with or without notes.
reported_rate AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, component
    FROM year
    CROSS JOIN (
        VALUES
            ('pass'),
            ('special_mention'),
            ('substandard'),
            ('doubtful'),
            ('performing_to_npl'),
            ('pass_tech'),
            ('pass_on_books')
    ) AS rate_name (component)
),
matrix AS (
    SELECT period, opening_grade || '_' || closing_grade AS grade_pair, closing_rmb AS amount
    FROM move
    WHERE closing_grade IS NOT NULL
    UNION ALL
    SELECT period, opening_grade || '_out', disposed_rmb
    FROM move
    WHERE disposed_rmb > 0
),
figure AS (
    SELECT period, cut, cut_value, component, value
    FROM reported_rate
    LEFT JOIN rate USING (period, cut, cut_value, component)
    UNION ALL
    SELECT period, cut, cut_value, component, value
    FROM rate
    WHERE cut = 'bank' AND value IS NOT NULL
    UNION ALL
    SELECT period, cut, cut_value, 'amount', CAST(COALESCE(SUM(kept), 0) AS DOUBLE) / 1e8
    FROM cut_move
    GROUP BY period, cut, cut_value
    UNION ALL
    SELECT period, 'grade_pair', grade_pair, 'amount', CAST(SUM(amount) AS DOUBLE) / 1e8
    FROM matrix
    GROUP BY period, grade_pair
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN component = 'pass_tech' THEN '2025' END AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
