-- id: new_listings
-- measure: 6
-- zh: 新增上市公司
-- en: New listings
-- period: quarter
-- component: listings | count | additive | 新增上市家数 | Firms newly listed
-- component: funds_raised | CNY 100m | additive | 首发募集资金 | Funds raised at listing
-- component: refinanced | CNY 100m | additive | 上市公司再融资 | Funds raised by listed firms
-- component: tech_listings | count | additive | 其中科技型企业 | Tech enterprises among them
-- cuts: total, board
-- direction: up
-- source: metrics.csv: listings on exchanges by board; NEEQ excluded; funds raised. Decided where it is silent: firms
--   of the city, by the day of the step. A listing is a firm's first step `listed`, mainland or overseas; a quotation
--   on NEEQ or joining the specialised board is none, and money raised later (refinanced) is no new listing.
--   tech_listings are firms that were tech enterprises on that day. The board is that of the step.
-- source_zh: 各板块新增上市公司数（不含新三板）和募集资金。补充口径：取本市企业，按事项日计。上市指企业首次“上市”事项，
--   境内外均可；新三板挂牌和专板入板不属上市，其后的再融资不属新增上市。科技型企业以上市当日为准。板块为该事项所属板
--   块。
-- needs: month(month), listing_step

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
first_listing AS (
    SELECT enterprise_id, MIN(place) AS place FROM listing_step WHERE step = 'listed' GROUP BY enterprise_id
),
raised AS (
    SELECT period, board, step, proceeds, tech_enterprise, first_listing.place IS NOT NULL AS newly_listed
    FROM quarter
    JOIN listing_step ON DATE_TRUNC('quarter', step_on) = DATE_TRUNC('quarter', period)
    LEFT JOIN first_listing USING (enterprise_id, place)
    WHERE step IN ('listed', 'refinanced')
),
cut_raised AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, raised.* EXCLUDE (period)
    FROM quarter
    LEFT JOIN raised USING (period)
    UNION ALL
    SELECT period, 'board', board, raised.* EXCLUDE (period)
    FROM raised
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        COUNT(*) FILTER (WHERE newly_listed) AS listings,
        CAST(COALESCE(SUM(proceeds) FILTER (WHERE step = 'listed'), 0) AS DOUBLE) / 1e8 AS funds_raised,
        CAST(COALESCE(SUM(proceeds) FILTER (WHERE step = 'refinanced'), 0) AS DOUBLE) / 1e8 AS refinanced,
        COUNT(*) FILTER (WHERE newly_listed AND tech_enterprise) AS tech_listings
    FROM cut_raised
    GROUP BY period, cut, cut_value
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (listings, funds_raised, refinanced, tech_listings))
