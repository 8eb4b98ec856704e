-- zh: 按当期名单计算
-- en: On the list of the day
-- task: indicator
-- question: access_of_listed
-- source: access rates as published: each date by its own list
-- source_zh: 公布的获贷率：各期按当期名单
-- naive: yes

WITH day AS (SELECT UNNEST([LAST_DAY(CAST($first AS DATE)), CAST($last AS DATE)]) AS day),

listed AS (
    SELECT DISTINCT
        day,
        enterprise_id
    FROM day
    JOIN list_entry
        ON
            list = 'coordination' AND reserved_on <= day
            AND COALESCE(removed_on > day, TRUE)
),

borrower AS (
    SELECT DISTINCT
        month AS day,
        enterprise_id
    FROM loan_balance
    JOIN loan USING (loan_id)
),

rate AS (
    SELECT
        day,
        AVG(CAST(borrower.enterprise_id IS NOT NULL AS INT)) AS rate
    FROM listed
    LEFT JOIN borrower USING (day, enterprise_id)
    GROUP BY day
)

SELECT MAX_BY(rate, day) - MIN_BY(rate, day) AS value
FROM rate
