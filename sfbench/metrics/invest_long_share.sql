-- id: invest_long_share
-- measure: 0
-- zh: 投长期占比
-- en: Share of long-term capital
-- period: year
-- component: share | % | not additive | 长期资本占比（穿透） | Share of funds with ten years or more (look-through)
-- component: share_gross | % | not additive | 长期资本占比（合计） | Share of funds with ten years or more (gross)
-- component: share_new | % | not additive | 当年新增认缴长期占比 | Share among the year's new commitments (look-through)
-- component: median_months | month | not additive | 退出时间中位数 | Median months to exit (Kaplan-Meier)
-- cuts: total, fund_layer
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: look-through commitments to funds with term >= 10 years / all; Kaplan-Meier median months to
--   exit. Decided where it is silent: commitments of all time to funds that live at the year's end (founded_on <= D <
--   ends_on); look-through leaves out commitments of funds of the data; share_new takes the year's commitments, also
--   to funds that live no more. The median is over stakes acquired up to the year's end (old shares too, debt and
--   guarantees not), from closing to the final exit, else censored at the year's end; null while the survival curve
--   stays above one half.
-- source_zh: 存续期10年以上基金的穿透认缴额占全部穿透认缴额比重；退出月数中位数按Kaplan-Meier法估计。补充口径：取历年对
--   年末存续基金（成立日不晚于年末、到期日晚于年末）的认缴；穿透时剔除数据内基金的认缴；当年新增口径取当年认缴，含已不
--   存续的基金。中位数以年末前取得的股权为样本（含老股，不含债权和担保），自交割日至最终退出日，未退出的在年末删失；生
--   存曲线始终高于二分之一的，不给出数值。
-- needs: month(month), fund(fund_id, layer, term_years, founded_on, ends_on), fund_money, fund_holding

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
commitment AS (
    SELECT
        period,
        layer,
        amount,
        investor_fund_id IS NULL AS outside,
        term_years >= 10 AS long_term,
        founded_on <= period AND ends_on > period AS alive,
        YEAR(event_on) = YEAR(period) AS new
    FROM year_end
    JOIN fund_money ON event_on <= period
    JOIN fund USING (fund_id)
    WHERE event = 'committed'
),
committed AS (
    SELECT
        period,
        CASE WHEN GROUPING(layer) = 0 THEN 'fund_layer' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(layer) = 0 THEN layer ELSE 'total' END AS cut_value,
        SUM(amount) FILTER (WHERE alive AND outside) AS stock,
        COALESCE(SUM(amount) FILTER (WHERE alive AND outside AND long_term), 0) AS long_stock,
        SUM(amount) FILTER (WHERE alive) AS stock_gross,
        COALESCE(SUM(amount) FILTER (WHERE alive AND long_term), 0) AS long_stock_gross,
        SUM(amount) FILTER (WHERE new AND outside) AS stock_new,
        COALESCE(SUM(amount) FILTER (WHERE new AND outside AND long_term), 0) AS long_stock_new
    FROM year_end
    LEFT JOIN commitment USING (period)
    GROUP BY GROUPING SETS ((period), (period, layer))
    HAVING cut_value IS NOT NULL
),
spell AS (
    SELECT
        period,
        layer,
        COALESCE(exited_on <= period, FALSE) AS exited,
        CASE WHEN exited_on <= period THEN exited_on ELSE period END - closed_on AS days
    FROM year_end
    JOIN fund_holding ON closed_on <= period
    JOIN fund USING (fund_id)
),
spell_day AS (
    SELECT
        period,
        CASE WHEN GROUPING(layer) = 0 THEN 'fund_layer' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(layer) = 0 THEN layer ELSE 'total' END AS cut_value,
        days,
        COUNT(*) FILTER (WHERE exited) AS exits,
        -- spells that last as long or longer; one censored on the day is still at risk
        SUM(COUNT(*)) OVER (PARTITION BY period, cut, cut_value ORDER BY days DESC) AS at_risk
    FROM spell
    GROUP BY GROUPING SETS ((period, days), (period, layer, days))
),
survival AS (
    SELECT
        *,
        PRODUCT(1 - CAST(exits AS DOUBLE) / NULLIF(CAST(at_risk AS DOUBLE), 0)) OVER (
            PARTITION BY period, cut, cut_value ORDER BY days
        ) AS surviving
    FROM spell_day
),
half_life AS (
    -- a little above one half, for rounding
    SELECT period, cut, cut_value, MIN(days) FILTER (WHERE surviving <= 0.5 + 1e-9) AS days
    FROM survival
    GROUP BY period, cut, cut_value
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(long_stock AS DOUBLE) / NULLIF(CAST(stock AS DOUBLE), 0) AS share,
        100.0 * CAST(long_stock_gross AS DOUBLE) / NULLIF(CAST(stock_gross AS DOUBLE), 0) AS share_gross,
        100.0 * CAST(long_stock_new AS DOUBLE) / NULLIF(CAST(stock_new AS DOUBLE), 0) AS share_new,
        CAST(days * 12 AS DOUBLE) / NULLIF(365.25, 0) AS median_months
    FROM committed
    FULL JOIN half_life USING (period, cut, cut_value)
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN CASE component WHEN 'median_months' THEN 'median not reached' ELSE 'zero base' END END
        AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_gross, share_new, median_months))
WHERE cut = 'total' OR value IS NOT NULL
