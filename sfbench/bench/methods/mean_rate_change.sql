-- zh: 加权平均利率的变化
-- en: The change of the mean rate
-- task: indicator
-- question: rate_effect
-- source: mean rates as published, this year and last
-- source_zh: 公布的平均利率，今年与上年
-- naive: yes

WITH noted AS (
    SELECT
        granted_on >= CAST($first AS DATE) AS now,
        CAST(grant_rate AS DOUBLE) AS rate,
        CAST(amount_rmb AS DOUBLE) AS amount
    FROM loan
    WHERE granted_on BETWEEN CAST($first AS DATE) - INTERVAL 1 YEAR AND CAST($last AS DATE)
)

SELECT
    SUM(rate * amount) FILTER (WHERE now) / SUM(amount) FILTER (WHERE now)
    - SUM(rate * amount) FILTER (WHERE NOT now) / SUM(amount) FILTER (WHERE NOT now) AS value
FROM noted
