-- id: srdi_board_firms
-- measure: 6
-- zh: 专精特新专板企业数
-- en: Firms on the specialised board
-- period: quarter
-- component: firms | count | additive | 在板企业数 | Firms on the board
-- component: joined | count | additive | 累计入板企业数 | Firms that ever joined
-- component: financed_share | % | not additive | 专板融资企业占比 | Share financed there
-- component: moved_up_share | % | not additive | 转板升层企业占比 | Share that moved up
-- component: financed_amount | CNY 100m | additive | 当季专板融资额 | Money raised there in the quarter
-- cuts: total
-- direction: up
-- source: metrics.csv: firms on the board; share financed there; share that moved up. Decided where it is silent: firms
--   of the city. joined: ever admitted up to the day; on the board are those of them that have not moved up from it
--   since and are not dissolved. Both shares are of the firms that ever joined, each once; a move up from NEEQ is
--   another thing. financed_amount is the money raised there in the quarter.
-- source_zh: 在板企业数、在板融资企业占比、转板升层企业占比。补充口径：取本市企业。累计入板指截至当日曾获准入板；其中
--   未转板升层且未注销的为在板企业。两项占比的分母均为累计入板企业，每家只计一次；自新三板转出另作统计。专板融资额为
--   当季在板募集资金。
-- needs: month(month), listing_step

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
board_step AS (
    SELECT *, step = 'moved_up' AS leaves
    FROM listing_step
    WHERE step IN ('specialised', 'financed') OR (step = 'moved_up' AND moved_from = 'specialised')
),
firm AS (
    SELECT
        period,
        enterprise_id,
        dissolved_on <= period AS dissolved,
        ARG_MAX(leaves, place) FILTER (WHERE step <> 'financed') AS moved_last,
        BOOL_OR(step = 'specialised') AS joined,
        BOOL_OR(step = 'financed') AS financed,
        BOOL_OR(leaves) AS moved_up
    FROM quarter
    JOIN board_step ON step_on <= period
    GROUP BY period, enterprise_id, dissolved_on
),
firm_count AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE joined) AS joined,
        COUNT(*) FILTER (WHERE joined AND NOT moved_last AND dissolved IS NOT TRUE) AS firms,
        COUNT(*) FILTER (WHERE joined AND financed) AS financed,
        COUNT(*) FILTER (WHERE joined AND moved_up) AS moved_up
    FROM quarter
    LEFT JOIN firm USING (period)
    GROUP BY period
),
money AS (
    SELECT period, SUM(proceeds) AS raised
    FROM quarter
    JOIN board_step ON DATE_TRUNC('quarter', step_on) = DATE_TRUNC('quarter', period)
    WHERE step = 'financed'
    GROUP BY period
),
figure AS (
    SELECT
        period,
        firms,
        joined,
        100.0 * CAST(financed AS DOUBLE) / NULLIF(CAST(joined AS DOUBLE), 0) AS financed_share,
        100.0 * CAST(moved_up AS DOUBLE) / NULLIF(CAST(joined AS DOUBLE), 0) AS moved_up_share,
        CAST(COALESCE(raised, 0) AS DOUBLE) / 1e8 AS financed_amount
    FROM firm_count
    LEFT JOIN money USING (period)
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (firms, joined, financed_share, moved_up_share, financed_amount))
