-- zh: 资格门槛处政策对贷款利率的影响
-- en: What a policy does to rates at the floor of eligibility
-- asks: by how many percentage points the policy changed the mean rate of the notes granted in the span to firms just above the floor that made them eligible (an R&D ratio of 5 to 6 % in 2024), each firm alike; of firms with a revenue of up to 50 m, at least 60 % of it of high-tech products
-- task: indicator
-- tables: loan, enterprise_year
-- naive: rd_all_points

WITH near AS (
    SELECT enterprise_id
    FROM real.enterprise_year
    WHERE
        year = 2024 AND revenue > 0 AND revenue <= 5e7 AND high_tech_revenue >= 0.6 * revenue
        AND CAST(rd_spend AS DOUBLE) / CAST(revenue AS DOUBLE) BETWEEN 0.05 AND 0.06
),

moved AS (
    SELECT
        granted.enterprise_id,
        AVG(CAST(granted.grant_rate AS DOUBLE) - CAST(usual.grant_rate AS DOUBLE)) AS effect
    FROM real.loan AS granted
    JOIN twin.loan AS usual ON usual.loan_id = granted.loan_id
    JOIN near ON near.enterprise_id = granted.enterprise_id
    WHERE granted.granted_on BETWEEN $first AND $last
    GROUP BY granted.enterprise_id
)

SELECT AVG(effect) AS value
FROM moved
