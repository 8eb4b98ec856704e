-- id: stage_coverage
-- measure: 8
-- zh: 各阶段企业融资覆盖率
-- en: Coverage by life-cycle stage
-- period: year
-- component: coverage | % | not additive | 覆盖率 | Coverage
-- component: covered | count | additive | 获融资企业数 | Firms covered
-- component: firms | count | additive | 企业数 | Firms
-- cuts: total, stage, channel
-- direction: up
-- source: metrics.csv: firms with any active loan or fund holding / firms in the stage. Decided where it is silent:
--   tech enterprises of the city that exist at the year's end; covered are those that owe on any note that day or in
--   which a fund holds a stake (old shares too) that no final exit has ended. The stage is that of the latest year up
--   to then, whenever reported; a firm without one is in the total alone. A channel is covered by it alone over all
--   firms. At a year end without any loan note only the channel equity is known.
-- source_zh: 有在贷余额或基金持股的企业占该阶段企业的比例。补充口径：取年末存续的本市科技型企业；当日有借据余额，或有
--   基金持股（含老股）且未最终退出的，为获融资。阶段取截至当时最近一年，不论何时报送；无阶段的只计入合计。按渠道分组
--   时为仅以该渠道覆盖的企业占全部企业的比例。没有借据的年末只计算股权渠道。
-- needs: month(month), bank_loan_month, tech_firm_coverage

WITH year_end AS (
    SELECT month AS year_end FROM month WHERE MONTH(month) = 12
),
cut_firms AS (
    SELECT year_end, 'total' AS cut, 'total' AS cut_value, firms, owes OR held AS covered
    FROM year_end
    LEFT JOIN tech_firm_coverage USING (year_end)
    UNION ALL
    SELECT year_end, 'stage', stage, firms, owes OR held
    FROM tech_firm_coverage
    WHERE stage IS NOT NULL
    UNION ALL
    SELECT year_end, 'channel', 'loan', firms, owes
    FROM tech_firm_coverage
    UNION ALL
    SELECT year_end, 'channel', 'equity', firms, held
    FROM tech_firm_coverage
),
sums AS (
    SELECT
        year_end,
        cut,
        cut_value,
        CAST(COALESCE(SUM(firms), 0) AS DOUBLE) AS firms,
        CAST(COALESCE(SUM(firms) FILTER (WHERE covered), 0) AS DOUBLE) AS covered
    FROM cut_firms
    GROUP BY year_end, cut, cut_value
),
-- A year end without any note has no balances: who owes is not known.
known AS (
    SELECT
        year_end,
        cut,
        cut_value,
        firms,
        CASE WHEN cut_value = 'equity' OR year_end IN (SELECT month FROM bank_loan_month) THEN covered END AS covered
    FROM sums
),
figure AS (
    SELECT *, 100.0 * covered / NULLIF(firms, 0) AS coverage FROM known
)
SELECT
    year_end AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (coverage, covered, firms))
