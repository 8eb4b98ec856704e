-- zh: 各区政策效果(每元贷款)
-- en: What a policy adds to a yuan of lending, by district
-- asks: a score for each district, the higher the more the policy adds to each yuan lent to the firms that it reached
-- task: allocation
-- tables: loan, enterprise
-- key: district_id
-- naive: lending_volume

WITH reached AS (
    SELECT enterprise_id, district_id
    FROM register
    JOIN real.enterprise USING (enterprise_id)
    WHERE starts_on IS NOT NULL
),

now AS (
    SELECT district_id, CAST(SUM(amount_rmb) AS DOUBLE) AS amount
    FROM real.loan
    JOIN reached USING (enterprise_id)
    WHERE granted_on BETWEEN $first AND $last
    GROUP BY district_id
),

without AS (
    SELECT district_id, CAST(SUM(amount_rmb) AS DOUBLE) AS amount
    FROM twin.loan
    JOIN reached USING (enterprise_id)
    WHERE granted_on BETWEEN $first AND $last
    GROUP BY district_id
)

SELECT
    district_id,
    now.amount / without.amount - 1 AS quality
FROM now
JOIN without USING (district_id)
ORDER BY district_id
