-- zh: 按试点企业贷款增速
-- en: By the growth of what reached firms borrow
-- task: allocation
-- question: effect_per_yuan
-- source: quotas for those who grow fastest
-- source_zh: 额度分给增长最快者
-- naive: yes

WITH lent AS (
    SELECT
        district_id,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on >= CAST($first AS DATE)) AS DOUBLE) AS now,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on < CAST($first AS DATE)) AS DOUBLE) AS before
    FROM loan
    JOIN enterprise USING (enterprise_id)
    JOIN register USING (enterprise_id)
    WHERE
        starts_on IS NOT NULL AND granted_on <= CAST($last AS DATE)
        AND granted_on >= CAST($first AS DATE) - CAST(DATE_DIFF('day', CAST($first AS DATE), CAST($last AS DATE)) + 1 AS INT)
    GROUP BY district_id
)

SELECT
    district_id,
    now / before - 1 AS score
FROM lent
