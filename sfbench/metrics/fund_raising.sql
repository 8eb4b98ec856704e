-- id: fund_raising
-- measure: 3
-- zh: 创投募资额
-- en: Funds raised by venture investors
-- period: quarter
-- component: committed | CNY 100m | additive | 新增认缴（穿透） | New commitments (look-through)
-- component: paid_in | CNY 100m | additive | 新增实缴（穿透） | Paid in (look-through)
-- component: committed_gross | CNY 100m | additive | 新增认缴（合计） | New commitments (gross)
-- component: paid_in_gross | CNY 100m | additive | 新增实缴（合计） | Paid in (gross)
-- cuts: total, lp_type, fund_stage
-- direction: up
-- source: metrics.csv: new commitments and paid-in (two columns) less commitments by sampled funds. Decided where it
--   is silent: all funds of the table, by the day of the commitment and of the payment. Look-through leaves out what
--   funds of the data committed and paid; other investors stay in. A public fund has gross figures alone.
-- source_zh: 新增认缴和新增实缴（分列），扣除样本内基金的认缴。补充口径：取表内全部基金，按认缴日和实缴日计。穿透口径
--   剔除数据内基金的认缴和实缴，保留其他投资者。公募基金只有合计口径。
-- needs: month(month), fund(fund_id, stage), fund_money

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
money AS (
    SELECT period, investor_kind AS lp_type, stage, event, investor_fund_id IS NULL AS outside, amount
    FROM quarter
    JOIN fund_money ON DATE_TRUNC('quarter', event_on) = DATE_TRUNC('quarter', period)
    JOIN fund USING (fund_id)
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(lp_type) = 0 THEN 'lp_type' WHEN GROUPING(stage) = 0 THEN 'fund_stage' ELSE 'total' END
            AS cut,
        CASE WHEN GROUPING(lp_type) = 0 THEN lp_type WHEN GROUPING(stage) = 0 THEN stage ELSE 'total' END AS cut_value,
        CAST(COALESCE(SUM(amount) FILTER (WHERE event = 'committed' AND outside), 0) AS DOUBLE) / 1e8 AS committed,
        CAST(COALESCE(SUM(amount) FILTER (WHERE event = 'paid_in' AND outside), 0) AS DOUBLE) / 1e8 AS paid_in,
        CAST(COALESCE(SUM(amount) FILTER (WHERE event = 'committed'), 0) AS DOUBLE) / 1e8 AS committed_gross,
        CAST(COALESCE(SUM(amount) FILTER (WHERE event = 'paid_in'), 0) AS DOUBLE) / 1e8 AS paid_in_gross
    FROM quarter
    LEFT JOIN money USING (period)
    GROUP BY GROUPING SETS ((period), (period, lp_type), (period, stage))
    HAVING cut_value IS NOT NULL
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (committed, paid_in, committed_gross, paid_in_gross))
