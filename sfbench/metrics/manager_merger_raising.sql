-- id: manager_merger_raising
-- measure: 3
-- zh: 创投机构并购募资
-- en: Managers' M&A and merger funds
-- period: year
-- component: deals | count | additive | 基金并购交易数 | Buyout deals of funds
-- component: deal_amount | CNY 100m | additive | 基金并购交易金额 | Amount of buyout deals
-- component: mergers | count | additive | 有基金出资的并购数 | Mergers paid in part by funds
-- component: merger_fund_amount | CNY 100m | additive | 并购中的基金出资 | Fund money in mergers
-- component: committed | CNY 100m | additive | 并购基金新增认缴（穿透） | New commitments to merger funds (look-through)
-- component: committed_gross | CNY 100m | additive | 并购基金新增认缴（合计） | New commitments to merger funds (gross)
-- cuts: total
-- direction: up
-- source: metrics.csv: deals by managers and amount; committed to merger funds. Decided where it is silent: no table
--   names a manager as a party of a merger, so three kinds of evidence stand side by side and are not added up: buyout
--   deals of funds (old shares too, for a buyout buys them; debt and guarantees not), mergers closed that funds helped
--   to pay, and new commitments to merger funds (look-through leaves out those of funds of the data).
-- source_zh: 管理人的并购交易数和金额；对并购基金的认缴额。补充口径：各表未载管理人为并购当事方，故并列三类证据，不相
--   加：基金的收购类投资（含老股，因收购即受让老股；不含债权和担保）、由基金参与出资并已完成的并购、并购基金新增认缴
--   （穿透口径剔除数据内基金的认缴）。
-- needs: month(month), deal(closed_on, stage, instrument, amount), merger(closed_on, fund_amount), fund(fund_id,
--   stage), fund_money

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
buyout AS (
    SELECT period, COUNT(amount) AS deals, CAST(COALESCE(SUM(amount), 0) AS DOUBLE) / 1e8 AS deal_amount
    FROM year_end
    LEFT JOIN deal
        ON YEAR(closed_on) = YEAR(period)
        AND stage = 'buyout'
        AND instrument IN ('common', 'preferred', 'convertible')
    GROUP BY period
),
fund_merger AS (
    SELECT
        period,
        COUNT(fund_amount) AS mergers,
        CAST(COALESCE(SUM(fund_amount), 0) AS DOUBLE) / 1e8 AS merger_fund_amount
    FROM year_end
    LEFT JOIN merger ON YEAR(closed_on) = YEAR(period) AND fund_amount > 0
    GROUP BY period
),
merger_fund_money AS (
    SELECT YEAR(event_on) AS year, amount, investor_fund_id IS NULL AS outside
    FROM fund_money
    JOIN fund USING (fund_id)
    WHERE event = 'committed' AND stage = 'merger'
),
commitment AS (
    SELECT
        period,
        CAST(COALESCE(SUM(amount) FILTER (WHERE outside), 0) AS DOUBLE) / 1e8 AS committed,
        CAST(COALESCE(SUM(amount), 0) AS DOUBLE) / 1e8 AS committed_gross
    FROM year_end
    LEFT JOIN merger_fund_money ON year = YEAR(period)
    GROUP BY period
),
figure AS (
    SELECT * FROM buyout JOIN fund_merger USING (period) JOIN commitment USING (period)
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (deals, deal_amount, mergers, merger_fund_amount, committed, committed_gross)
)
