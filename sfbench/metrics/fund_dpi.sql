-- id: fund_dpi
-- measure: 3
-- zh: DPI
-- en: Distributions to paid-in
-- period: year
-- component: dpi | ratio | not additive | DPI（合并） | DPI (pooled)
-- component: dpi_median | ratio | not additive | DPI（基金中位数） | DPI (median fund)
-- component: dpi_gross | ratio | not additive | DPI（含母基金） | DPI (with funds of funds)
-- cuts: total, vintage, fund_stage
-- direction: up
-- source: metrics.csv: distributions / paid-in by vintage. Decided where it is silent: flows of all quarters up to the
--   year's end of funds that have called money, ended ones too; distributed is what investors got. A fund of funds
--   would count the same money again: it is in dpi_gross alone. The vintage is the year of foundation, not of the
--   first call.
-- source_zh: 按设立年份计的累计分配额除以实缴额。补充口径：取截至年末各季度的现金流，对象为已实际出资的基金，含已终止
--   的；分配额为投资者实得。母基金会重复计算同一笔资金，只计入含母基金口径。年份为基金成立年份，不是首次出资年份。
-- needs: month(month), fund(fund_id, kind, stage, founded_on), fund_cash_flow(fund_id, quarter, called, distributed)

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
book AS (
    SELECT period, fund_id, SUM(called) AS called, SUM(distributed) AS distributed
    FROM year_end
    JOIN fund_cash_flow ON quarter <= period
    GROUP BY period, fund_id
    HAVING SUM(called) > 0
),
fund_book AS (
    SELECT
        period,
        CAST(YEAR(founded_on) AS VARCHAR) AS vintage,
        stage,
        kind <> 'fof' AS direct,
        CAST(called AS DOUBLE) AS called,
        CAST(distributed AS DOUBLE) AS distributed
    FROM book
    JOIN fund USING (fund_id)
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(vintage) = 0 THEN 'vintage' WHEN GROUPING(stage) = 0 THEN 'fund_stage' ELSE 'total' END
            AS cut,
        CASE WHEN GROUPING(vintage) = 0 THEN vintage WHEN GROUPING(stage) = 0 THEN stage ELSE 'total' END AS cut_value,
        SUM(distributed) FILTER (WHERE direct) / NULLIF(SUM(called) FILTER (WHERE direct), 0) AS dpi,
        MEDIAN(distributed / NULLIF(called, 0)) FILTER (WHERE direct) AS dpi_median,
        SUM(distributed) / NULLIF(SUM(called), 0) AS dpi_gross
    FROM year_end
    LEFT JOIN fund_book USING (period)
    GROUP BY GROUPING SETS ((period), (period, vintage), (period, stage))
    HAVING cut_value IS NOT NULL
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (dpi, dpi_median, dpi_gross))
WHERE cut = 'total' OR value IS NOT NULL
