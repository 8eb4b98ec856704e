-- zh: 无现金进出或在别处已不良
-- en: No money, or bad in another book
-- task: gaming_detection
-- question: hidden_bad_notes
-- source: zero-net-cash test as rolled_without_cash; cross-default, article 10 of the rules on classifying assets (2023)
-- source_zh: 净现金为零检验，同rolled_without_cash；交叉违约见《商业银行金融资产风险分类办法》（2023）第十条

-- A borrower is one borrower: what another bank calls bad, or this one in another note, counts twice.
WITH cash AS (
    SELECT
        enterprise_id,
        COUNT(*) FILTER (WHERE kind = 'drawdown') AS drawn,
        COUNT(*) FILTER (WHERE kind IN ('repayment', 'recovery')) AS paid
    FROM loan_flow
    JOIN loan USING (loan_id)
    WHERE event_on > CAST($last AS DATE) - INTERVAL 6 MONTH
    GROUP BY enterprise_id
),

bad AS (
    SELECT DISTINCT enterprise_id
    FROM loan_balance
    JOIN loan USING (loan_id)
    WHERE month = CAST($last AS DATE) AND grade IN ('FQ03', 'FQ04', 'FQ05')
)

SELECT
    loan_id,
    CAST(COALESCE(drawn, 0) = 0 AS INT) + CAST(COALESCE(paid, 0) = 0 AS INT)
    + 2 * CAST(bad.enterprise_id IS NOT NULL AS INT) AS score,
    score >= 2 AS flagged
FROM loan_balance
JOIN loan USING (loan_id)
LEFT JOIN cash USING (enterprise_id)
LEFT JOIN bad USING (enterprise_id)
WHERE month = CAST($last AS DATE)
