-- id: guarantee_settlement
-- grain: quarter x guarantor x special plan
-- caption: Liability released and claims paid in the quarter, also in quarters after the last month of the data.
-- needs: guarantee(guarantor_id, kind, guaranteed_amount, compensated_on, compensated_amount, released_on)

WITH settlement AS (
    SELECT released_on AS settled_on, guarantor_id, kind, guaranteed_amount AS released, 0 AS compensated
    FROM guarantee
    WHERE released_on IS NOT NULL
    UNION ALL
    SELECT compensated_on, guarantor_id, kind, 0, compensated_amount
    FROM guarantee
    WHERE compensated_on IS NOT NULL
)
SELECT
    LAST_DAY(DATE_TRUNC('quarter', settled_on) + INTERVAL 2 MONTH) AS quarter,
    guarantor_id,
    kind = 'special_plan' AS special_plan,
    CAST(SUM(released) AS DECIMAL(18, 2)) AS released,
    CAST(SUM(compensated) AS DECIMAL(18, 2)) AS compensated
FROM settlement
GROUP BY LAST_DAY(DATE_TRUNC('quarter', settled_on) + INTERVAL 2 MONTH), guarantor_id, kind = 'special_plan'
