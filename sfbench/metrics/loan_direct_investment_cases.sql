-- id: loan_direct_investment_cases
-- measure: 4
-- zh: 贷款+外部直投笔数
-- en: Loan plus outside direct investment cases
-- period: quarter
-- component: pairs | count | additive | 贷款与直投配对笔数 | Pairs of loan and investment
-- component: loan_amount | CNY 100m | additive | 配对贷款金额 | Loans in pairs
-- component: invested_amount | CNY 100m | additive | 配对直投金额 | Investments in pairs
-- component: agreements | count | additive | 新签协议数 | Agreements signed
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: pairs linked by agreement: count and amount. Decided where it is silent: a pair is an agreement
--   with a deal, of the quarter in which both were known. invested_amount counts a deal once over all time, in the
--   quarter of its first pair (under a bank: of its first pair with a note of that bank). agreements are all of the
--   quarter, with or without a deal.
-- source_zh: 以协议关联的贷款与直投配对的笔数和金额。补充口径：配对为有投资的协议，计入两者均已知的季度。直投金额在各
--   期中只计一次，计入首个配对所在季度（按银行分组时为与该行借据的首个配对）。协议数为当季全部新签协议，不论有无投资。
-- needs: month(month), linked_note

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
pair AS (
    SELECT
        linked_on,
        CAST(institution_id AS VARCHAR) AS bank,
        loan_amount,
        invested_amount,
        ROW_NUMBER() OVER (PARTITION BY deal_id ORDER BY linked_on, loan_id) = 1 AS first_of_deal,
        ROW_NUMBER() OVER (PARTITION BY deal_id, institution_id ORDER BY linked_on, loan_id) = 1 AS first_at_bank
    FROM linked_note
    WHERE deal_id IS NOT NULL AND linked_on IS NOT NULL
),
event AS (
    SELECT
        linked_on AS event_on,
        bank,
        1 AS pairs,
        0 AS agreements,
        loan_amount,
        CASE WHEN first_of_deal THEN invested_amount ELSE 0 END AS invested,
        CASE WHEN first_at_bank THEN invested_amount ELSE 0 END AS invested_at_bank
    FROM pair
    UNION ALL
    SELECT agreed_on, CAST(institution_id AS VARCHAR), 0, 1, 0, 0, 0
    FROM linked_note
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(bank) = 0 THEN 'bank' ELSE 'total' END AS cut,
        CASE WHEN GROUPING(bank) = 0 THEN bank ELSE 'total' END AS cut_value,
        COALESCE(SUM(pairs), 0) AS pairs,
        CAST(COALESCE(SUM(loan_amount), 0) AS DOUBLE) / 1e8 AS loan_amount,
        CAST(
            COALESCE(CASE WHEN GROUPING(bank) = 0 THEN SUM(invested_at_bank) ELSE SUM(invested) END, 0) AS DOUBLE
        ) / 1e8 AS invested_amount,
        COALESCE(SUM(agreements), 0) AS agreements
    FROM quarter
    LEFT JOIN event ON DATE_TRUNC('quarter', event_on) = DATE_TRUNC('quarter', period)
    GROUP BY GROUPING SETS ((period), (period, bank))
    HAVING cut_value IS NOT NULL
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (pairs, loan_amount, invested_amount, agreements))
