-- id: fund_chain_balance
-- measure: 8
-- zh: 基金链条均衡度
-- en: Balance of the fund chain
-- period: year
-- component: entropy | index | not additive | 链条均衡度（四段） | Normalised entropy of four stages
-- component: entropy_five | index | not additive | 链条均衡度（创业期单列） | Normalised entropy of five stages, venture apart
-- component: entropy_group | index | not additive | 20+8基金群链条均衡度 | Normalised entropy of four stages, 20+8 group
-- component: seed | CNY 100m | additive | 种子基金实缴 | Paid in to seed funds
-- component: angel | CNY 100m | additive | 天使基金实缴 | Paid in to angel funds
-- component: growth | CNY 100m | additive | 成长基金实缴 | Paid in to growth funds
-- component: merger | CNY 100m | additive | 并购基金实缴 | Paid in to merger funds
-- cuts: total
-- direction: up
-- source: metrics.csv: paid-in by stage fund (seed; angel; growth; merger) and its normalised entropy. Decided where
--   it is silent: payments of all time to funds that live at the year's end (founded_on <= D < ends_on). The plan's
--   chain has four stages; venture funds stand between angel and growth, are counted with growth, and apart in
--   entropy_five. Funds of funds and secondary funds are no stage, so nothing is counted twice. The entropy is 1 if
--   all stages are alike, 0 if one has all.
-- source_zh: 种子、天使、成长、并购各段基金的实缴额及其归一化熵。补充口径：取历年对年末存续基金（成立日不晚于年末、到期
--   日晚于年末）的实缴。方案中的链条为四段；创业投资基金介于天使与成长之间，计入成长段，并在五段口径中单列。母基金和S基
--   金不属任何一段，不重复计算。各段相等时熵为1，集中于一段时为0。
-- needs: month(month), fund(fund_id, stage, in_20p8_group, founded_on, ends_on), fund_money

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
paid AS (
    SELECT
        period,
        stage,
        CASE stage WHEN 'venture' THEN 'growth' ELSE stage END AS chain_stage,
        in_20p8_group,
        CAST(SUM(amount) AS DOUBLE) AS amount
    FROM year_end
    JOIN fund ON founded_on <= period AND ends_on > period
    JOIN fund_money USING (fund_id)
    WHERE event = 'paid_in' AND event_on <= period AND stage IN ('seed', 'angel', 'venture', 'growth', 'merger')
    GROUP BY period, stage, in_20p8_group
),
chain AS (
    SELECT period, 'entropy' AS component, chain_stage AS link, 4 AS links, amount FROM paid
    UNION ALL
    SELECT period, 'entropy_five', stage, 5, amount FROM paid
    UNION ALL
    SELECT period, 'entropy_group', chain_stage, 4, amount FROM paid WHERE in_20p8_group
),
link_share AS (
    SELECT
        period,
        component,
        links,
        SUM(amount) / NULLIF(SUM(SUM(amount)) OVER (PARTITION BY period, component), 0) AS share
    FROM chain
    GROUP BY period, component, link, links
),
entropy AS (
    SELECT period, component, -SUM(share * LN(share)) / NULLIF(LN(links), 0) AS value
    FROM link_share
    WHERE share > 0
    GROUP BY period, component, links
),
entropies AS (
    SELECT
        period,
        MAX(value) FILTER (WHERE component = 'entropy') AS entropy,
        MAX(value) FILTER (WHERE component = 'entropy_five') AS entropy_five,
        MAX(value) FILTER (WHERE component = 'entropy_group') AS entropy_group
    FROM year_end
    LEFT JOIN entropy USING (period)
    GROUP BY period
),
amounts AS (
    SELECT
        period,
        COALESCE(SUM(amount) FILTER (WHERE chain_stage = 'seed'), 0) / 1e8 AS seed,
        COALESCE(SUM(amount) FILTER (WHERE chain_stage = 'angel'), 0) / 1e8 AS angel,
        COALESCE(SUM(amount) FILTER (WHERE chain_stage = 'growth'), 0) / 1e8 AS growth,
        COALESCE(SUM(amount) FILTER (WHERE chain_stage = 'merger'), 0) / 1e8 AS merger
    FROM year_end
    LEFT JOIN paid USING (period)
    GROUP BY period
),
figure AS (
    SELECT * FROM entropies JOIN amounts USING (period)
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (entropy, entropy_five, entropy_group, seed, angel, growth, merger)
)
