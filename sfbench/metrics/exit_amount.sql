-- id: exit_amount
-- measure: 3
-- zh: 创投退出金额
-- en: Exit proceeds
-- period: quarter
-- component: proceeds | CNY 100m | additive | 退出金额 | Proceeds
-- component: cost | CNY 100m | additive | 退出项目成本 | Cost of what was sold
-- component: exits | count | additive | 退出笔数 | Exits
-- cuts: total, route
-- direction: up
-- source: metrics.csv: sum of exit proceeds. Decided where it is silent: all rows by the day of the exit, parts and
--   final ones alike, repayment of debt and write-offs included; a sale to another fund of the data is an exit.
-- source_zh: 创投退出收回金额之和。补充口径：按退出日计全部记录，部分退出和最终退出同样计入，含债权偿还和核销；转让给
--   数据内其他基金也属退出。
-- needs: month(month), fund_exit(exit_id, exited_on, route, cost, proceeds)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
fund_exit_of_quarter AS (
    SELECT period, exit_id, route, cost, proceeds
    FROM quarter
    JOIN fund_exit ON DATE_TRUNC('quarter', exited_on) = DATE_TRUNC('quarter', period)
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(route) = 0 THEN 'route' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(route) = 0 THEN route ELSE 'total' END AS cut_value,
        CAST(COALESCE(SUM(proceeds), 0) AS DOUBLE) / 1e8 AS proceeds,
        CAST(COALESCE(SUM(cost), 0) AS DOUBLE) / 1e8 AS cost,
        COUNT(exit_id) AS exits
    FROM quarter
    LEFT JOIN fund_exit_of_quarter USING (period)
    GROUP BY GROUPING SETS ((period), (period, route))
    HAVING cut_value IS NOT NULL
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (proceeds, cost, exits))
