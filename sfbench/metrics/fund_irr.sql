-- id: fund_irr
-- measure: 3
-- zh: 基金内部收益率
-- en: Net IRR
-- period: year
-- component: median | % | not additive | 净内部收益率中位数 | Median net IRR
-- component: p25 | % | not additive | 净内部收益率下四分位数 | Lower quartile
-- component: p75 | % | not additive | 净内部收益率上四分位数 | Upper quartile
-- cuts: total, vintage
-- direction: up
-- source: metrics.csv: internal rate of return of dated cash flows by vintage (median and quartiles). Decided where it
--   is silent: by fund (no funds of funds), flows of all quarters up to the year's end, each at its quarter end,
--   distributed less called; the last net asset value is a receipt of its own quarter end. Called and distributed are
--   net to investors, so fees and carried interest are not subtracted again. The rate lies between -99 % and 1000 % a
--   year of 365 days; a fund without a change of sign there is left out, one that has given back nothing and is worth
--   nothing has -100. Only funds whose first call is 24 months old or older; ended ones stay in. The vintage is the
--   year of foundation. The rates are found in the step, then the median and the quartiles by linear interpolation.
-- source_zh: 按设立年份计的现金流内部收益率（中位数和四分位数）。补充口径：逐只基金计算（不含母基金），取截至年末各季
--   度现金流，均置于季末，为分配额减出资额；最近一期净资产值视为其当季末的回收。出资与分配均为投资者净额，不再扣除管
--   理费和业绩报酬。收益率按一年365天计，在-99%至1000%之间求解；区间内现金流净现值不变号的基金不计，未有任何回收且净
--   值为零的取-100%。只取首次出资满24个月的基金，含已终止的。年份为成立年份。先求各基金收益率，再以线性插值求中位数和
--   四分位数。
-- needs: month(month), fund(fund_id, kind, founded_on), fund_cash_flow(fund_id, quarter, called, distributed, nav)
-- step: internal_rate_of_return

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
report AS (
    SELECT fund_id, quarter, called, distributed, nav
    FROM fund_cash_flow
    WHERE fund_id IN (SELECT fund_id FROM fund WHERE kind <> 'fof')
),
first_call AS (
    SELECT fund_id, YEAR(founded_on) AS vintage, MIN(quarter) AS called_on
    FROM fund
    JOIN report USING (fund_id)
    WHERE called > 0
    GROUP BY fund_id, founded_on
),
last_report AS (
    SELECT period, fund_id, vintage, called_on, MAX(quarter) AS last_quarter
    FROM year_end
    JOIN first_call ON LAST_DAY(called_on + INTERVAL 24 MONTH) <= period
    JOIN report USING (fund_id)
    WHERE quarter <= period
    GROUP BY period, fund_id, vintage, called_on
),
book AS (
    SELECT
        period,
        fund_id,
        vintage,
        quarter - called_on AS days,
        CAST(called AS DOUBLE) AS called,
        CAST(distributed AS DOUBLE) AS distributed,
        CASE WHEN quarter = last_quarter THEN CAST(nav AS DOUBLE) ELSE 0 END AS last_nav
    FROM last_report
    JOIN report USING (fund_id)
    WHERE quarter <= last_quarter
),
fund_sum AS (
    SELECT period, fund_id, SUM(distributed + last_nav) AS received FROM book GROUP BY period, fund_id
),
fund_flow AS (
    SELECT period, fund_id, vintage, days, distributed - called + last_nav AS amount, received
    FROM book
    JOIN fund_sum USING (period, fund_id)
)
-- A year without a fund keeps a row, so that the step can say that it has no figure.
SELECT
    period,
    COALESCE(fund_id, 0) AS fund_id,
    COALESCE(vintage, 0) AS vintage,
    COALESCE(days, 0) AS days,
    COALESCE(amount, 0) AS amount,
    COALESCE(received, 0) AS received
FROM year_end
LEFT JOIN fund_flow USING (period)
WHERE fund_id IS NULL OR amount <> 0
ORDER BY period, fund_id, days
