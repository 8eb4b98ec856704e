-- id: warrant_register
-- measure: 6
-- zh: 认股权登记数
-- en: Warrants registered
-- period: quarter
-- component: registered | count | additive | 新登记数 | Registered
-- component: outstanding | count | additive | 存续数 | Outstanding
-- component: valued | count | additive | 当季估值数 | Valued in the quarter
-- component: exercised | count | additive | 行权数 | Exercised
-- component: lapsed | count | additive | 到期失效数 | Lapsed
-- component: terminated | count | additive | 终止数 | Terminated
-- component: valued_amount | CNY 100m | additive | 存续认股权估值 | Value of warrants outstanding
-- cuts: total, venue
-- direction: up
-- source: metrics.csv: registered; valued; exercised; lapsed. Decided where it is silent: all warrants, wherever the
--   firm is; the venue tells those of the equity exchange from bilateral ones. Endings count in the quarter in which
--   they fall; outstanding is registered and not ended at its end; valued counts warrants with a valuation in the
--   quarter, the one at registration too; valued_amount takes the latest valuation, whatever its age.
-- source_zh: 认股权登记、估值、行权、失效的数量。补充口径：取全部认股权，不限企业所在地；按场所区分股权交易中心登记与
--   双方自行约定。终结计入发生季度；存续为季末已登记且未终结的；当季估值数为当季有估值的认股权，含登记时估值；估值额
--   取最近一次估值，不论时间远近。
-- needs: month(month), warrant(warrant_id, venue, registered_on, outcome, ended_on), warrant_valuation(warrant_id,
--   valued_on, warrant_value)
-- open: a warrant counts from its note's grant on, whenever it was registered

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
valuation AS (
    SELECT
        period,
        warrant_id,
        ARG_MAX(warrant_value, valued_on) AS latest_value,
        DATE_TRUNC('quarter', MAX(valued_on)) = DATE_TRUNC('quarter', period) AS valued
    FROM quarter
    JOIN warrant_valuation ON valued_on <= period
    GROUP BY period, warrant_id
),
state AS (
    SELECT
        period,
        venue,
        DATE_TRUNC('quarter', registered_on) = DATE_TRUNC('quarter', period) AS registered,
        CASE WHEN DATE_TRUNC('quarter', ended_on) = DATE_TRUNC('quarter', period) THEN outcome END AS ended,
        registered_on <= period AND (ended_on IS NULL OR ended_on > period) AS outstanding,
        valued,
        latest_value
    FROM quarter
    CROSS JOIN warrant
    LEFT JOIN valuation USING (period, warrant_id)
),
cut_state AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, state.* EXCLUDE (period, venue)
    FROM quarter
    LEFT JOIN state USING (period)
    UNION ALL
    SELECT period, 'venue', venue, state.* EXCLUDE (period, venue)
    FROM state
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        COUNT(*) FILTER (WHERE registered) AS registered,
        COUNT(*) FILTER (WHERE outstanding) AS outstanding,
        COUNT(*) FILTER (WHERE valued) AS valued,
        COUNT(*) FILTER (WHERE ended = 'exercised') AS exercised,
        COUNT(*) FILTER (WHERE ended = 'lapsed') AS lapsed,
        COUNT(*) FILTER (WHERE ended = 'terminated') AS terminated,
        CAST(COALESCE(SUM(latest_value) FILTER (WHERE outstanding), 0) AS DOUBLE) / 1e8 AS valued_amount
    FROM cut_state
    GROUP BY period, cut, cut_value
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (registered, outstanding, valued, exercised, lapsed, terminated, valued_amount)
)
