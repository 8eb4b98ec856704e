-- id: five_channel_financing
-- measure: 0
-- zh: 股贷债保汇融资规模
-- en: Financing by five channels
-- period: quarter
-- component: gross | CNY 100m | additive | 当期融资发生额 | Financing raised
-- component: net | CNY 100m | additive | 当期融资净增额 | Financing raised less repaid
-- component: guaranteed | CNY 100m | additive | 其中担保增信金额 | Of it guaranteed
-- cuts: total, channel
-- direction: up
-- source: metrics.csv: flow of loans + equity + bonds + cross-border borrowing with each yuan counted once; guaranteed
--   part shown apart. Decided where it is silent: financing of tech firms of the city. loan: drawdowns of tech loans,
--   by use or by the borrower's flag at the end of the drawdown's month; net is the change of their balance since the
--   last quarter end, as banks report it, and none if either quarter end has no notes. equity: each round once, by its
--   round_amount, debt of funds, and what listings raised; money raised on the specialised board is left out if the
--   firm has a round in the quarter, for it is that round. bond: of tech firms and micro-lenders in full, of equity
--   investors without the part that goes into funds (it comes again as deals), of banks nothing (it comes again as
--   loans); net of those redeemed. cross_border: drawn, net of repaid, at the quarter end's rate, 7.80 HKD to the
--   dollar. guaranteed is exposure, never added: guarantees of tech loans, bonds with a guarantor, guarantees by
--   funds.
-- source_zh: 贷款、股权、债券、跨境融资的当期发生额，每一元资金只计一次；担保部分单列。补充口径：为本市科技型企业的融
--   资。贷款取科技贷款当期发放额（按投向，或按发放当月末借款人标识认定），净增额为银行报送余额较上季末的变动，任一季末
--   没有借据的不计算。股权每轮只按轮次金额计一次，另加基金债权投资和上市募集资金；企业当季另有融资轮次的，专板融资已含
--   在该轮次内，不再计入。科技型企业和小额贷款公司的债券全额计入，股权投资机构的债券剔除用于基金出资的部分（其后以投资
--   形式出现），银行的债券不计（其后以贷款形式出现）；净增额扣除当期兑付。跨境融资取提款额，净增额扣除还款，按季末汇率
--   折算，1美元折7.80港元。担保增信为风险敞口，不计入融资总额，含科技贷款担保、有担保债券和基金提供的担保。
-- needs: month(month, usd_cny), loan_month, tech_drawdown_quarter, deal(round_id, enterprise_id, in_city, closed_on,
--   instrument, amount, exposure, secondary, round_amount, investee_tech), listing_step, bond(issuer_type, issued_on,
--   amount, fund_share, guarantor_id, redeemed_on), cross_border_debt_quarter

WITH quarter AS (
    SELECT month AS period, usd_cny FROM month WHERE MONTH(month) % 3 = 0
),
-- A quarter end without any note has no row: what it owed is not known, and not 0.
loan_stock AS (
    SELECT
        month AS period,
        COALESCE(
            SUM(balance_rmb) FILTER (WHERE district <> 'out_of_city' AND (tech_enterprise OR tech_use)), 0
        ) AS balance_rmb
    FROM loan_month
    WHERE month IN (SELECT period FROM quarter)
    GROUP BY month
),
loan AS (
    SELECT
        quarter.period,
        'loan' AS channel,
        COALESCE(drawn_rmb, 0) AS gross,
        loan_stock.balance_rmb - earlier.balance_rmb AS net,
        COALESCE(guaranteed_rmb, 0) AS guaranteed
    FROM quarter
    LEFT JOIN loan_stock ON loan_stock.period = quarter.period
    LEFT JOIN loan_stock AS earlier ON earlier.period = LAST_DAY(quarter.period - INTERVAL 3 MONTH)
    LEFT JOIN tech_drawdown_quarter AS drawn ON drawn.quarter = quarter.period
),
tech_deal AS (
    SELECT * FROM deal WHERE in_city AND investee_tech
),
round_quarter AS (
    SELECT DISTINCT enterprise_id, DATE_TRUNC('quarter', closed_on) AS quarter FROM deal WHERE round_amount > 0
),
raised_on_market AS (
    SELECT step_on, proceeds
    FROM listing_step
    LEFT JOIN round_quarter
        ON round_quarter.enterprise_id = listing_step.enterprise_id
        AND quarter = DATE_TRUNC('quarter', step_on)
        AND step = 'financed'
    WHERE tech_enterprise AND round_quarter.quarter IS NULL
),
equity_event AS (
    SELECT closed_on AS event_on, round_amount AS raised, 0 AS guaranteed
    FROM tech_deal
    WHERE round_amount > 0
    QUALIFY ROW_NUMBER() OVER (PARTITION BY round_id ORDER BY closed_on) = 1
    UNION ALL
    SELECT closed_on, amount, 0
    FROM tech_deal
    WHERE instrument = 'debt' AND NOT secondary
    UNION ALL
    SELECT closed_on, 0, exposure
    FROM tech_deal
    WHERE instrument = 'guarantee'
    UNION ALL
    SELECT step_on, proceeds, 0
    FROM raised_on_market
),
counted_bond AS (
    SELECT
        issued_on,
        redeemed_on,
        guarantor_id,
        CASE issuer_type
            WHEN 'equity_investor' THEN CAST(amount AS DOUBLE) * (1 - 0.01 * COALESCE(CAST(fund_share AS DOUBLE), 0))
            ELSE CAST(amount AS DOUBLE)
        END AS amount
    FROM bond
    WHERE issuer_type IN ('tech_firm', 'micro_lender', 'equity_investor')
),
bond_event AS (
    SELECT
        issued_on AS event_on,
        amount AS raised,
        0 AS redeemed,
        CASE WHEN guarantor_id IS NOT NULL THEN amount ELSE 0 END AS guaranteed
    FROM counted_bond
    UNION ALL
    SELECT redeemed_on, 0, amount, 0
    FROM counted_bond
),
yuan_debt AS (
    SELECT
        period,
        CASE currency
            WHEN 'CNY' THEN 1.0
            WHEN 'USD' THEN CAST(usd_cny AS DOUBLE)
            WHEN 'HKD' THEN CAST(usd_cny AS DOUBLE) / NULLIF(7.80, 0)
        END AS yuan,
        drawn,
        repaid
    FROM quarter
    JOIN cross_border_debt_quarter ON quarter = period
),
channel AS (
    SELECT period, channel, CAST(gross AS DOUBLE) AS gross, CAST(net AS DOUBLE) AS net, guaranteed
    FROM loan
    UNION ALL
    SELECT period, 'equity', COALESCE(SUM(raised), 0), COALESCE(SUM(raised), 0), COALESCE(SUM(guaranteed), 0)
    FROM quarter
    LEFT JOIN equity_event ON DATE_TRUNC('quarter', event_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
    UNION ALL
    SELECT period, 'bond', COALESCE(SUM(raised), 0), COALESCE(SUM(raised - redeemed), 0), COALESCE(SUM(guaranteed), 0)
    FROM quarter
    LEFT JOIN bond_event ON DATE_TRUNC('quarter', event_on) = DATE_TRUNC('quarter', period)
    GROUP BY period
    UNION ALL
    SELECT period, 'cross_border', COALESCE(SUM(drawn * yuan), 0), COALESCE(SUM((drawn - repaid) * yuan), 0), 0
    FROM quarter
    LEFT JOIN yuan_debt USING (period)
    GROUP BY period
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(channel) = 0 THEN 'channel' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(channel) = 0 THEN channel ELSE 'total' END AS cut_value,
        SUM(gross) / 1e8 AS gross,
        CASE WHEN COUNT(net) = COUNT(*) THEN SUM(net) END / 1e8 AS net,
        CAST(SUM(guaranteed) AS DOUBLE) / 1e8 AS guaranteed
    FROM channel
    GROUP BY GROUPING SETS ((period), (period, channel))
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (gross, net, guaranteed))
