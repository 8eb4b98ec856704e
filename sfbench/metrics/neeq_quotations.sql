-- id: neeq_quotations
-- measure: 6
-- zh: 新三板挂牌数
-- en: NEEQ quotations
-- period: quarter
-- component: quoted | count | additive | 新增挂牌家数 | Firms newly quoted
-- component: stock | count | additive | 期末挂牌家数 | Firms quoted
-- component: moved_upper | count | additive | 进层家数 | Firms that moved to the upper layer
-- cuts: total, tier
-- direction: up
-- source: metrics.csv: firms newly quoted; a quotation is not a listing. Decided where it is silent: firms of the city.
--   quoted and moved_upper are distinct firms with such a step in the quarter; the stock holds the firms that exist and
--   whose latest of the steps quoted, left, listed, delisted and moved up from NEEQ is quoted. The tier at the day is
--   upper after a step to the upper layer later than the latest quotation, else base.
-- source_zh: 新三板新增挂牌企业数；挂牌不等于上市。补充口径：取本市企业。新增挂牌和进层为当季发生该事项的企业数（去重）；
--   期末挂牌指未注销，且在挂牌、摘牌、上市、退市、新三板转出等事项中，最近一项为挂牌的企业。最近一次挂牌之后进入创新
--   层的，期末属创新层，否则属基础层。
-- needs: month(month), listing_step

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
neeq_step AS (
    SELECT *, step <> 'neeq_upper' AS moves
    FROM listing_step
    WHERE step IN ('neeq', 'neeq_upper', 'neeq_left', 'listed', 'delisted')
        OR (step = 'moved_up' AND moved_from IN ('neeq_base', 'neeq_upper'))
),
firm AS (
    SELECT
        period,
        enterprise_id,
        ARG_MAX(step, place) FILTER (WHERE moves) = 'neeq'
        AND (dissolved_on IS NULL OR dissolved_on > period) AS in_stock,
        CASE
            WHEN MAX(place) FILTER (WHERE step = 'neeq_upper') > MAX(place) FILTER (WHERE step = 'neeq') THEN 'upper'
            ELSE 'base'
        END AS tier,
        BOOL_OR(step = 'neeq' AND DATE_TRUNC('quarter', step_on) = DATE_TRUNC('quarter', period)) AS quoted,
        BOOL_OR(step = 'neeq_upper' AND DATE_TRUNC('quarter', step_on) = DATE_TRUNC('quarter', period)) AS moved_upper
    FROM quarter
    JOIN neeq_step ON step_on <= period
    GROUP BY period, enterprise_id, dissolved_on
),
figure AS (
    SELECT
        period,
        'total' AS cut,
        'total' AS cut_value,
        COUNT(*) FILTER (WHERE quoted) AS quoted,
        COUNT(*) FILTER (WHERE in_stock) AS stock,
        COUNT(*) FILTER (WHERE moved_upper) AS moved_upper
    FROM quarter
    LEFT JOIN firm USING (period)
    GROUP BY period
    UNION ALL
    SELECT period, 'tier', tier, COUNT(*) FILTER (WHERE quoted), COUNT(*) FILTER (WHERE in_stock), NULL
    FROM firm
    WHERE quoted OR in_stock
    GROUP BY period, tier
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (quoted, stock, moved_upper))
