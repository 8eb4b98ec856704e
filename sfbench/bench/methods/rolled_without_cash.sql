-- zh: 展期且借款人无现金进出
-- en: Past due, and no money from or to the borrower
-- task: gaming_detection
-- question: hidden_bad_notes
-- source: zero-net-cash test of roll-overs: Peek and Rosengren 2005; design S21
-- source_zh: 借新还旧的净现金为零检验：Peek和Rosengren 2005；设计文档S21

-- Who extends in good faith goes on to pay other notes or to draw new ones; half a year of neither is a borrower kept alive.
WITH cash AS (
    SELECT
        enterprise_id,
        COUNT(*) FILTER (WHERE kind = 'drawdown') AS drawn,
        COUNT(*) FILTER (WHERE kind IN ('repayment', 'recovery')) AS paid
    FROM loan_flow
    JOIN loan USING (loan_id)
    WHERE event_on > CAST($last AS DATE) - INTERVAL 6 MONTH
    GROUP BY enterprise_id
)

SELECT
    loan_id,
    CAST(COALESCE(drawn, 0) = 0 AS INT) + CAST(COALESCE(paid, 0) = 0 AS INT) AS score,
    score = 2 AS flagged
FROM loan_balance
JOIN loan USING (loan_id)
LEFT JOIN cash USING (enterprise_id)
WHERE month = CAST($last AS DATE)
