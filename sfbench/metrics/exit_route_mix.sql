-- id: exit_route_mix
-- measure: 3
-- zh: 退出渠道结构
-- en: Mix of exit routes
-- period: year
-- component: ipo_number | % | not additive | 上市退出笔数占比 | IPO, share of exits
-- component: ipo_proceeds | % | not additive | 上市退出金额占比 | IPO, share of proceeds
-- component: ipo_cost | % | not additive | 上市退出成本占比 | IPO, share of cost
-- component: merger_number | % | not additive | 并购退出笔数占比 | M&A, share of exits
-- component: merger_proceeds | % | not additive | 并购退出金额占比 | M&A, share of proceeds
-- component: merger_cost | % | not additive | 并购退出成本占比 | M&A, share of cost
-- component: share_transfer_number | % | not additive | 股权转让退出笔数占比 | Transfer of shares, share of exits
-- component: share_transfer_proceeds | % | not additive | 股权转让退出金额占比 | Transfer of shares, share of proceeds
-- component: share_transfer_cost | % | not additive | 股权转让退出成本占比 | Transfer of shares, share of cost
-- component: buy_back_number | % | not additive | 回购退出笔数占比 | Buy-back, share of exits
-- component: buy_back_proceeds | % | not additive | 回购退出金额占比 | Buy-back, share of proceeds
-- component: buy_back_cost | % | not additive | 回购退出成本占比 | Buy-back, share of cost
-- component: write_off_number | % | not additive | 核销笔数占比 | Write-off, share of exits
-- component: write_off_proceeds | % | not additive | 核销金额占比 | Write-off, share of proceeds
-- component: write_off_cost | % | not additive | 核销成本占比 | Write-off, share of cost
-- cuts: total
-- direction: none
-- source: metrics.csv: share by IPO / M&A / fund-share transfer / buy-back / write-off. Decided where it is silent:
--   exits of the year by the five routes, by number, proceeds and cost, because a write-off hardly shows in proceeds
--   and an IPO is sold in parts; repayment of debt is no exit from equity and in no denominator.
-- source_zh: 上市、并购、股权转让、回购、核销五种渠道的退出占比。补充口径：取当年经五种渠道的退出，按笔数、金额、成本
--   分列，因核销在金额中难以体现，而上市退出常分次完成；债权偿还不属股权退出，不计入任何分母。
-- needs: month(month), fund_exit(exited_on, route, cost, proceeds)

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
route AS (
    SELECT * FROM (VALUES ('ipo'), ('merger'), ('share_transfer'), ('buy_back'), ('write_off')) AS known (route)
),
equity_exit AS (
    SELECT YEAR(exited_on) AS year, route, cost, proceeds FROM fund_exit WHERE route <> 'repayment'
),
sums AS (
    SELECT
        period,
        route.route,
        CAST(COUNT(year) AS DOUBLE) AS number,
        CAST(COALESCE(SUM(proceeds), 0) AS DOUBLE) AS proceeds,
        CAST(COALESCE(SUM(cost), 0) AS DOUBLE) AS cost
    FROM year_end
    CROSS JOIN route
    LEFT JOIN equity_exit ON year = YEAR(period) AND equity_exit.route = route.route
    GROUP BY period, route.route
),
part AS (
    SELECT period, route, basis, amount FROM sums UNPIVOT (amount FOR basis IN (number, proceeds, cost))
),
figure AS (
    SELECT
        period,
        route || '_' || basis AS component,
        100.0 * amount / NULLIF(SUM(amount) OVER (PARTITION BY period, basis), 0) AS value
    FROM part
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
