-- zh: 当期名单同比
-- en: Growth on the list of the day
-- task: indicator
-- question: stayer_growth
-- source: growth as published: each date by its own list
-- source_zh: 公布的增速：各期按当期名单
-- naive: yes

SELECT
    CAST(SUM(balance_rmb) FILTER (WHERE month = CAST($last AS DATE)) AS DOUBLE)
    / CAST(SUM(balance_rmb) FILTER (WHERE month = LAST_DAY(CAST($first AS DATE))) AS DOUBLE) - 1 AS value
FROM loan_balance
WHERE tech_enterprise
