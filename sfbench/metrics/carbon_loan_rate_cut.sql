-- id: carbon_loan_rate_cut
-- measure: 12
-- zh: 降碳贷降息幅度
-- en: Rate cut per carbon-score point
-- period: year
-- component: slope | bp | not additive | 降碳贷每分降息 | Cut per score point on decarbonisation loans
-- component: slope_all_rated | bp | not additive | 有碳账户企业全部新发放贷款每分利差 | Lower spread per score point on all new loans
--   of rated firms
-- component: realised_cut | bp | not additive | 降碳贷较同规模企业其他贷款的利差差距 | Spread of decarbonisation loans below that of
--   other loans to firms of their size
-- component: notes | count | additive | 降碳贷发放笔数 | Decarbonisation notes granted
-- component: rated_notes | count | additive | 其中发放日有有效碳评分 | Of them with a valid score at grant
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: regression slope and realised cut of decarbonisation loans. Decided where it is silent: new
--   notes in CNY; the spread is the rate at grant less the LPR of the day (fixed on the 20th, before it that of the
--   month before; five-year LPR from 60 months), the score the borrower's rating that is valid on the day, the latest
--   if several. slope is minus the unweighted least-squares slope of spread on score, so that a cut is positive;
--   slope_all_rated takes the rated notes of all products; fewer than 3 notes or one score only give no value.
--   realised_cut is the mean spread of other products' notes to firms of the note's size in the whole city, less the
--   note's spread, both means weighted by amount: a difference between groups of loans, not an effect.
-- source_zh: 降碳贷利差对评分的回归斜率与实际降息。补充口径：取新发放人民币借据；利差为发放利率减当日LPR（每月20日起用
--   当月值，此前用上月值；60个月及以上为5年期），评分为当日有效的借款人评分，多个的取最近一个。每分降息为利差对评分的不
--   加权最小二乘斜率取负，降息为正；有碳账户口径取各产品有评分的借据；不足3笔或评分均相同的不给出数值。实际降息为全市同
--   规模企业其他产品借据的平均利差减本借据利差，两处平均均按金额加权，为两组贷款之差，不是政策效应。
-- needs: month(month), loan_spread_year

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
note AS (
    SELECT period, loan_spread_year.* FROM year JOIN loan_spread_year ON year = YEAR(period)
),
peer AS (
    SELECT
        period,
        borrower_size,
        CAST(SUM(amount_x_spread) AS DOUBLE) / NULLIF(CAST(SUM(amount_rmb) AS DOUBLE), 0) AS peer_spread
    FROM note
    WHERE NOT decarbonisation
    GROUP BY period, borrower_size
),
note_with_peer AS (
    SELECT
        *,
        decarbonisation AND rated AS rated_decarbonisation,
        decarbonisation AND peer_spread IS NOT NULL AS compared,
        amount_rmb * peer_spread - amount_x_spread AS amount_x_cut
    FROM note
    LEFT JOIN peer USING (period, borrower_size)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        COALESCE(CAST(institution_id AS VARCHAR), 'total') AS cut_value,
        SUM(notes) FILTER (WHERE decarbonisation) AS notes,
        SUM(notes) FILTER (WHERE rated_decarbonisation) AS rated_notes,
        SUM(amount_rmb) FILTER (WHERE compared) AS compared_rmb,
        SUM(amount_x_cut) FILTER (WHERE compared) AS amount_x_cut,
        SUM(spread_notes) FILTER (WHERE rated_decarbonisation) AS n,
        SUM(score) FILTER (WHERE rated_decarbonisation) AS x,
        SUM(score_x_score) FILTER (WHERE rated_decarbonisation) AS xx,
        SUM(spread) FILTER (WHERE rated_decarbonisation) AS y,
        SUM(score_x_spread) FILTER (WHERE rated_decarbonisation) AS xy,
        SUM(spread_notes) FILTER (WHERE rated) AS all_n,
        SUM(score) FILTER (WHERE rated) AS all_x,
        SUM(score_x_score) FILTER (WHERE rated) AS all_xx,
        SUM(spread) FILTER (WHERE rated) AS all_y,
        SUM(score_x_spread) FILTER (WHERE rated) AS all_xy
    FROM year
    LEFT JOIN note_with_peer USING (period)
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    HAVING cut = 'total' OR institution_id IS NOT NULL
),
-- One percentage point is 100 bp. The slope's denominator is zero if and only if all scores are the same.
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CASE
            WHEN n >= 3
                THEN -100.0 * (CAST(n AS DOUBLE) * CAST(xy AS DOUBLE) - CAST(x AS DOUBLE) * CAST(y AS DOUBLE))
                    / NULLIF(CAST(n * xx - x * x AS DOUBLE), 0)
        END AS slope,
        CASE
            WHEN all_n >= 3
                THEN -100.0
                    * (CAST(all_n AS DOUBLE) * CAST(all_xy AS DOUBLE) - CAST(all_x AS DOUBLE) * CAST(all_y AS DOUBLE))
                    / NULLIF(CAST(all_n * all_xx - all_x * all_x AS DOUBLE), 0)
        END AS slope_all_rated,
        100.0 * CAST(amount_x_cut AS DOUBLE) / NULLIF(CAST(compared_rmb AS DOUBLE), 0) AS realised_cut,
        CAST(COALESCE(notes, 0) AS DOUBLE) AS notes,
        CAST(COALESCE(rated_notes, 0) AS DOUBLE) AS rated_notes
    FROM sums
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE
        WHEN value IS NOT NULL THEN NULL
        WHEN component = 'realised_cut' THEN 'zero base'
        ELSE 'too few notes'
    END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (slope, slope_all_rated, realised_cut, notes, rated_notes))
WHERE cut = 'total' OR value IS NOT NULL
