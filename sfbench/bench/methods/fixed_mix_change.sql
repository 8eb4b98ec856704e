-- zh: 固定结构的利率变化
-- en: The change at a fixed mix
-- task: indicator
-- question: rate_effect
-- source: Laspeyres' weights: ILO and others 2004, Consumer Price Index Manual, chapter 15; Simpson 1951
-- source_zh: 拉氏权重：国际劳工组织等《消费者价格指数手册》，2004年，第15章；Simpson 1951

-- Change within size of borrower and length of the note, each at last year's share.
WITH noted AS (
    SELECT
        borrower_size,
        tenor_months > 12 AS long,
        granted_on >= CAST($first AS DATE) AS now,
        CAST(grant_rate AS DOUBLE) AS rate,
        CAST(amount_rmb AS DOUBLE) AS amount
    FROM loan
    WHERE granted_on BETWEEN CAST($first AS DATE) - INTERVAL 1 YEAR AND CAST($last AS DATE)
),

cell AS (
    SELECT
        SUM(amount) FILTER (WHERE NOT now) AS weight,
        SUM(rate * amount) FILTER (WHERE now) / SUM(amount) FILTER (WHERE now) AS now,
        SUM(rate * amount) FILTER (WHERE NOT now) / SUM(amount) FILTER (WHERE NOT now) AS before
    FROM noted
    GROUP BY borrower_size, long
)

SELECT SUM(weight * (now - before)) / SUM(weight) AS value
FROM cell
WHERE now IS NOT NULL AND before IS NOT NULL
