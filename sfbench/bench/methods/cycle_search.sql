-- zh: 资金回路搜索
-- en: Search for cycles
-- task: gaming_detection
-- question: round_trips
-- source: cycles of two within thirty days, most of the amount; Weber and others 2018 on graphs of payments; design S23
-- source_zh: 三十天内、金额大部分往返的两方回路；Weber等2018论支付图；设计文档S23

-- A cycle: a payment out to a related firm, and from the same firm, within thirty days, half of it or more.
WITH cycle AS (
    SELECT
        paid.loan_id,
        MAX(LEAST(back.amount / paid.amount, 1)) AS share
    FROM account_flow AS paid
    JOIN account_flow AS back
        ON
            back.loan_id = paid.loan_id AND back.counterparty_id = paid.counterparty_id
            AND back.direction = 'in' AND paid.direction = 'out'
            AND back.event_on BETWEEN paid.event_on AND paid.event_on + INTERVAL 30 DAY
    WHERE paid.related
    GROUP BY paid.loan_id
)

SELECT
    loan_id,
    COALESCE(share, 0) AS score,
    COALESCE(share, 0) >= 0.5 AS flagged
FROM (SELECT DISTINCT loan_id FROM account_flow)
LEFT JOIN cycle USING (loan_id)
