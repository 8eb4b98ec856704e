-- id: cross_border_credit_reports
-- measure: 10
-- zh: 深港征信互通
-- en: Cross-border credit reports
-- period: quarter
-- component: reports | count | additive | 报告数 | Reports exchanged
-- component: inbound | count | additive | 港至深报告数 | Reports from Hong Kong
-- component: outbound | count | additive | 深至港报告数 | Reports to Hong Kong
-- component: granted | count | additive | 据此授信笔数 | Credits granted on them
-- component: loan_amount | CNY 100m | additive | 据此发放贷款额 | Loans in Shenzhen granted on them
-- cuts: total
-- direction: up
-- source: metrics.csv: reports exchanged; loans granted on them. Decided where it is silent: reports by the day of
--   delivery, all purposes; credits granted on them by the day of the decision, on either side of the border, so that a
--   report of one quarter may be a credit of the next; loan_amount is the amount of the notes granted in the city in
--   the quarter of the decision, each note once.
-- source_zh: 互通的信用报告数及据此发放的贷款。补充口径：报告按交付日计，不限用途；据此授信按审批日计，含深港两侧，故
--   某季的报告可在下一季形成授信；贷款额为授信当季在本市发放的借据金额，每笔只计一次。
-- needs: month(month), cross_border_report(direction, delivered_on, decided_on, granted), cross_border_loan

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
delivered AS (
    SELECT
        period,
        COUNT(direction) AS reports,
        COUNT(*) FILTER (WHERE direction = 'inbound') AS inbound,
        COUNT(*) FILTER (WHERE direction = 'outbound') AS outbound
    FROM quarter
    LEFT JOIN cross_border_report ON DATE_TRUNC('quarter', delivered_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
decided AS (
    SELECT period, COUNT(*) FILTER (WHERE granted) AS granted
    FROM quarter
    LEFT JOIN cross_border_report ON DATE_TRUNC('quarter', decided_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
),
note AS (
    SELECT DISTINCT period, loan_id, amount_rmb
    FROM quarter
    JOIN cross_border_loan ON DATE_TRUNC('quarter', decided_on) = DATE_TRUNC('quarter', period)
),
lent AS (
    SELECT period, CAST(COALESCE(SUM(amount_rmb), 0) AS DOUBLE) / 1e8 AS loan_amount
    FROM quarter
    LEFT JOIN note USING (period)
    GROUP BY period
),
figure AS (
    SELECT * FROM delivered JOIN decided USING (period) JOIN lent USING (period)
)
SELECT period, 'total' AS cut, 'total' AS cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (reports, inbound, outbound, granted, loan_amount))
