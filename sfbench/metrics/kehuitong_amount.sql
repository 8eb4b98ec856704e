-- id: kehuitong_amount
-- measure: 10
-- zh: 科汇通金额
-- en: Kehuitong transfers
-- period: quarter
-- component: amount | USD | additive | 汇入金额(美元) | Amount in dollars
-- component: amount_cny | CNY 100m | additive | 汇入金额(人民币) | Amount in yuan
-- component: institutes | count | additive | 汇入机构数 | Institutes
-- component: transfers | count | additive | 汇入笔数 | Transfers
-- component: institutes_to_date | count | additive | 累计汇入机构数 | Institutes to date
-- cuts: total
-- direction: up
-- source: metrics.csv: institutions and amount. Decided where it is silent: transfers by the day received. Dollars as
--   they are; yuan and Hong Kong dollars as their yuan amount over the dollar's central parity at the end of the
--   transfer's month (of the quarter if that month has no row). The amount is in dollars, not in 100m. institutes are
--   distinct in the quarter, institutes_to_date since the first transfer.
-- source_zh: 汇入机构数和金额。补充口径：按收款日计。美元按原币；人民币和港元以人民币金额除以当月末美元中间价折算（当
--   月无中间价的取季末）。金额单位为美元，不是亿美元。汇入机构数当季去重，累计数自首笔起去重。
-- needs: month(month, usd_cny), research_transfer(institute_id, transferred_on, currency, amount, amount_cny)

WITH quarter AS (
    SELECT month AS period, usd_cny AS usd_cny_at_end FROM month WHERE MONTH(month) % 3 = 0
),
transfer AS (
    SELECT
        period,
        institute_id,
        DATE_TRUNC('quarter', transferred_on) = DATE_TRUNC('quarter', period) AS in_quarter,
        CASE
            WHEN currency = 'USD' THEN CAST(amount AS DOUBLE)
            ELSE CAST(amount_cny AS DOUBLE) / NULLIF(CAST(COALESCE(usd_cny, usd_cny_at_end) AS DOUBLE), 0)
        END AS amount_usd,
        amount_cny
    FROM quarter
    JOIN research_transfer ON transferred_on <= period
    LEFT JOIN month ON month = LAST_DAY(transferred_on)
),
figure AS (
    SELECT
        period,
        COALESCE(SUM(amount_usd) FILTER (WHERE in_quarter), 0) AS amount,
        CAST(COALESCE(SUM(amount_cny) FILTER (WHERE in_quarter), 0) AS DOUBLE) / 1e8 AS amount_cny,
        COUNT(DISTINCT institute_id) FILTER (WHERE in_quarter) AS institutes,
        COUNT(*) FILTER (WHERE in_quarter) AS transfers,
        COUNT(DISTINCT institute_id) AS institutes_to_date
    FROM quarter
    LEFT JOIN transfer USING (period)
    GROUP BY period
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (amount, amount_cny, institutes, transfers, institutes_to_date))
