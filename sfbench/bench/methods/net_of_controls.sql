-- zh: 扣除对照组增长的净增
-- en: What the reached firms borrow more, beyond the growth of firms like them that were not reached
-- task: indicator
-- question: additional_lending
-- source: comparison of ratios of totals; additionality in HM Treasury 2022, The Green Book
-- source_zh: 合计之比的比较；净增见英国财政部《绿皮书》，2022年

WITH lent AS (
    SELECT
        starts_on IS NOT NULL AS reached,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on >= CAST($first AS DATE)) AS DOUBLE) AS now,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on < CAST($first AS DATE)) AS DOUBLE) AS before
    FROM loan
    JOIN register USING (enterprise_id)
    WHERE
        granted_on <= CAST($last AS DATE)
        AND granted_on >= CAST($first AS DATE) - CAST(DATE_DIFF('day', CAST($first AS DATE), CAST($last AS DATE)) + 1 AS INT)
    GROUP BY starts_on IS NOT NULL
)

SELECT 1 - (own.before * others.now / others.before) / own.now AS value
FROM lent AS own
CROSS JOIN lent AS others
WHERE own.reached AND NOT others.reached
