-- id: linked_credit_ratio
-- measure: 4
-- zh: 股贷联动比
-- en: Loans to equity ratio in linked cases
-- period: year
-- component: ratio | ratio | not additive | 股贷联动比 | Loans to equity
-- component: loans | CNY 100m | additive | 随后贷款金额 | Loans that followed
-- component: equity | CNY 100m | additive | 股权融资金额 | Equity raised
-- component: followed | % | not additive | 随后获贷轮次占比 | Rounds followed by a loan
-- cuts: total, stage
-- direction: up
-- source: metrics.csv: each note allotted to the latest earlier round within 12 months / amounts of rounds at least 12
--   months old. Decided where it is silent: the figure of a year is of the rounds closed in the year before, in firms
--   of the data. A note goes to its borrower's latest round before the day of the grant and counts if that is at most
--   12 months back, so it counts once at most; a round is one that raised new money (round_amount above 0), so a mere
--   purchase of old shares is none. Each round counts once, on the day of its first closing.
-- source_zh: 贷款按12个月内最近一轮在先融资归集，除以满12个月的融资轮次金额。补充口径：当年数取上一年完成的融资轮次，对
--   象为数据内企业。借据归入借款人放款日前最近一轮，相隔不超过12个月的计入，故最多计一次；有新增资金的（round_amount大
--   于0）才算轮次，单纯购买老股不算。每轮只计一次，以首次交割日为准。
-- needs: month(month), round_loan

WITH year_end AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
equity_round AS (
    SELECT YEAR(closed_on) AS year, round_id, stage, round_amount, loan_rmb, followed FROM round_loan
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(stage) = 0 THEN 'stage' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(stage) = 0 THEN stage ELSE 'total' END AS cut_value,
        COUNT(round_id) AS rounds,
        COUNT(*) FILTER (WHERE followed) AS followed_rounds,
        CAST(COALESCE(SUM(loan_rmb), 0) AS DOUBLE) AS loans,
        CAST(COALESCE(SUM(round_amount), 0) AS DOUBLE) AS equity
    FROM year_end
    LEFT JOIN equity_round ON year = YEAR(period) - 1
    GROUP BY GROUPING SETS ((period), (period, stage))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        loans / NULLIF(equity, 0) AS ratio,
        loans / 1e8 AS loans,
        equity / 1e8 AS equity,
        100.0 * CAST(followed_rounds AS DOUBLE) / NULLIF(CAST(rounds AS DOUBLE), 0) AS followed
    FROM sums
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
UNPIVOT INCLUDE NULLS (value FOR component IN (ratio, loans, equity, followed))
