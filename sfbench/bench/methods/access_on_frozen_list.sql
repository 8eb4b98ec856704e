-- zh: 冻结期初名单
-- en: On the list of the first date
-- task: indicator
-- question: access_of_listed
-- source: cohort of the first list, whoever is struck off later; design S31
-- source_zh: 首期名单的企业固定为一组，不论其后是否移出；设计文档S31

-- Who is struck off stays in the count.
WITH day AS (SELECT UNNEST([LAST_DAY(CAST($first AS DATE)), CAST($last AS DATE)]) AS day),

listed AS (
    SELECT DISTINCT
        day,
        enterprise_id
    FROM day
    JOIN list_entry
        ON
            list = 'coordination' AND reserved_on <= LAST_DAY(CAST($first AS DATE))
            AND COALESCE(removed_on > LAST_DAY(CAST($first AS DATE)), TRUE)
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
