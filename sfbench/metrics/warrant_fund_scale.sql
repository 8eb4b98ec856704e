-- id: warrant_fund_scale
-- measure: 6
-- zh: 认股权主题基金规模
-- en: Warrant-theme funds
-- period: quarter
-- component: committed | CNY 100m | additive | 认缴规模 | Committed
-- component: paid_in | CNY 100m | additive | 实缴规模 | Paid in
-- component: wealth_share | % | not additive | 银行理财认缴占比 | Share of wealth managers in commitments
-- component: wealth_paid_share | % | not additive | 银行理财实缴占比 | Share of wealth managers in paid-in capital
-- component: funds | count | not additive | 基金数 | Funds
-- cuts: total
-- direction: up
-- source: metrics.csv: committed and paid-in; share from wealth managers. Decided where it is silent: funds of the
--   warrant layer that live at the quarter's end (founded_on <= D < ends_on). Commitments and payments by the day of
--   the event, not of the report, up to then, not reduced by distributions. Wealth managers are investors of kind
--   bank_wealth. Named public funds are fixed rows whose amounts scale, so the number of funds is not additive.
-- source_zh: 认股权主题基金的认缴和实缴规模、银行理财占比。补充口径：取季末存续（成立日不晚于季末、到期日晚于季末）的认
--   股权层基金。认缴和实缴按发生日累计至季末，不按报告日，不因分配而减少。银行理财为该类投资者。具名公募基金为固定记
--   录，其金额随规模变动，故基金数不可加总。
-- needs: month(month), fund(fund_id, layer, founded_on, ends_on), fund_commitment(commitment_id, fund_id,
--   investor_kind, committed_on, amount), capital_call(commitment_id, paid_on, amount)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
live_fund AS (
    SELECT period, fund_id
    FROM quarter
    JOIN fund ON founded_on <= period AND ends_on > period
    WHERE layer = 'warrant'
),
commitment AS (
    SELECT period, commitment_id, committed_on, amount, investor_kind = 'bank_wealth' AS wealth
    FROM live_fund
    JOIN fund_commitment USING (fund_id)
),
money AS (
    SELECT period, 0 AS funds, amount AS committed, wealth, 0 AS paid
    FROM commitment
    WHERE committed_on <= period
    UNION ALL
    SELECT period, 0, 0, wealth, capital_call.amount
    FROM commitment
    JOIN capital_call USING (commitment_id)
    WHERE paid_on <= period
    UNION ALL
    SELECT period, 1, 0, FALSE, 0
    FROM live_fund
),
sums AS (
    SELECT
        period,
        COALESCE(SUM(committed), 0) AS committed,
        COALESCE(SUM(paid), 0) AS paid_in,
        COALESCE(SUM(committed) FILTER (WHERE wealth), 0) AS wealth_committed,
        COALESCE(SUM(paid) FILTER (WHERE wealth), 0) AS wealth_paid,
        COALESCE(SUM(funds), 0) AS funds
    FROM quarter
    LEFT JOIN money USING (period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        CAST(committed AS DOUBLE) / 1e8 AS committed,
        CAST(paid_in AS DOUBLE) / 1e8 AS paid_in,
        100.0 * CAST(wealth_committed AS DOUBLE) / NULLIF(CAST(committed AS DOUBLE), 0) AS wealth_share,
        100.0 * CAST(wealth_paid AS DOUBLE) / NULLIF(CAST(paid_in AS DOUBLE), 0) AS wealth_paid_share,
        funds
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (committed, paid_in, wealth_share, wealth_paid_share, funds))
