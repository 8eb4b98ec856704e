-- id: hetao_dual_currency_fund
-- measure: 10
-- zh: 河套双币母子基金
-- en: Hetao dual-currency funds
-- period: quarter
-- component: committed | CNY 100m | additive | 认缴规模(穿透) | Committed, look-through
-- component: committed_gross | CNY 100m | additive | 认缴规模(合计) | Committed, gross
-- component: committed_cny | CNY 100m | additive | 人民币认缴(穿透) | Committed in yuan, look-through
-- component: committed_usd | CNY 100m | additive | 美元认缴(穿透) | Committed in dollars, look-through
-- component: parents | count | not additive | 母基金数 | Parent funds
-- component: sub_funds | count | not additive | 子基金数 | Sub-funds
-- component: tech_invested | CNY 100m | additive | 累计投向科技型企业 | Invested in tech enterprises to date
-- component: tech_firms | count | additive | 累计被投科技型企业数 | Tech enterprises invested in to date
-- cuts: total
-- direction: up
-- source: metrics.csv: parent and sub-funds; committed by currency; invested in tech firms. Decided where it is
--   silent: parent funds and sub-funds of Hetao that live at the quarter's end (founded_on <= D < ends_on). Gross adds
--   up all commitments to them up to then; look-through leaves out what one of these parents committed. By currency of
--   the commitment; dollars are in yuan as the table has them. Investments in tech enterprises, by the flag at the
--   deal, are to date, of funds alive or not; a guarantee puts up no money and is none.
-- source_zh: 母基金与子基金数、分币种认缴、投向科技型企业。补充口径：取季末存续（成立日不晚于季末、到期日晚于季末）的河
--   套母基金和子基金。合计口径为截至季末对其全部认缴之和；穿透口径剔除其中母基金的认缴。按认缴币种区分，美元按表中人民
--   币金额计。投向科技型企业以投资时标识为准，累计计算，不论基金是否存续；担保不出资，不计入。
-- needs: month(month), fund(fund_id, layer, founded_on, ends_on), fund_commitment(fund_id, investor_fund_id, currency,
--   committed_on, amount), deal(fund_id, investee_id, closed_on, amount, investee_tech)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
hetao_fund AS (
    SELECT fund_id, layer, founded_on, ends_on FROM fund WHERE layer IN ('hetao_mother', 'hetao_sub')
),
live_fund AS (
    SELECT period, fund_id, layer
    FROM quarter
    JOIN hetao_fund ON founded_on <= period AND ends_on > period
),
live_count AS (
    SELECT
        period,
        COUNT(*) FILTER (WHERE layer = 'hetao_mother') AS parents,
        COUNT(*) FILTER (WHERE layer = 'hetao_sub') AS sub_funds
    FROM quarter
    LEFT JOIN live_fund USING (period)
    GROUP BY period
),
commitment AS (
    SELECT live_fund.period, currency, amount, parent.fund_id IS NULL AS outside
    FROM live_fund
    JOIN fund_commitment USING (fund_id)
    LEFT JOIN live_fund AS parent
        ON parent.period = live_fund.period AND parent.fund_id = investor_fund_id AND parent.layer = 'hetao_mother'
    WHERE committed_on <= live_fund.period
),
committed AS (
    SELECT
        period,
        CAST(COALESCE(SUM(amount), 0) AS DOUBLE) / 1e8 AS committed_gross,
        CAST(COALESCE(SUM(amount) FILTER (WHERE outside), 0) AS DOUBLE) / 1e8 AS committed,
        CAST(COALESCE(SUM(amount) FILTER (WHERE outside AND currency = 'CNY'), 0) AS DOUBLE) / 1e8 AS committed_cny,
        CAST(COALESCE(SUM(amount) FILTER (WHERE outside AND currency = 'USD'), 0) AS DOUBLE) / 1e8 AS committed_usd
    FROM quarter
    LEFT JOIN commitment USING (period)
    GROUP BY period
),
tech_deal AS (
    SELECT closed_on, investee_id, amount FROM deal JOIN hetao_fund USING (fund_id) WHERE investee_tech AND amount > 0
),
invested AS (
    SELECT
        period,
        CAST(COALESCE(SUM(amount), 0) AS DOUBLE) / 1e8 AS tech_invested,
        COUNT(DISTINCT investee_id) AS tech_firms
    FROM quarter
    LEFT JOIN tech_deal ON closed_on <= period
    GROUP BY period
),
figure AS (
    SELECT * FROM committed JOIN live_count USING (period) JOIN invested USING (period)
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (
        committed,
        committed_gross,
        committed_cny,
        committed_usd,
        parents,
        sub_funds,
        tech_invested,
        tech_firms
    )
)
