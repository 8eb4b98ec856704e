-- zh: 政策对象贷款增量占比
-- en: What the reached firms borrow more than before
-- task: indicator
-- question: additional_lending
-- source: before and after
-- source_zh: 前后对比
-- naive: yes

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

SELECT 1 - before / now AS value
FROM lent
WHERE reached
