-- id: coordination_quarter
-- grain: quarter x bank (empty: the city as a whole, a firm once) x district
-- caption: Firms of the coordination list by the quarter in which they are recommended (for a bank: first ask it),
--   first granted credit, and first granted credit through the pushed list; amounts drawn under what was granted.
-- needs: list_entry(list, enterprise_id, recommended_on), credit_application(application_id, enterprise_id,
--   institution_id, channel, applied_on, decided_on, decision), loan(application_id, granted_on, amount_rmb),
--   enterprise(enterprise_id, district_id)
-- optional: district from enterprise(district_id), pushed_grants from credit_application(channel), drawn_rmb from
--   loan(application_id, granted_on, amount_rmb)

WITH recommended AS (
    SELECT enterprise_id, MIN(recommended_on) AS recommended_on
    FROM list_entry
    WHERE list = 'coordination' AND recommended_on IS NOT NULL AND enterprise_id IS NOT NULL
    GROUP BY enterprise_id
),
request AS (
    SELECT
        application_id,
        recommended.enterprise_id,
        institution_id,
        applied_on,
        CASE WHEN decision = 'approved' THEN decided_on END AS granted_on,
        CASE WHEN decision = 'approved' AND channel = 'list_push' THEN decided_on END AS pushed_grant_on
    FROM credit_application
    JOIN recommended ON recommended.enterprise_id = credit_application.enterprise_id AND applied_on >= recommended_on
),
bank_firm AS (
    SELECT
        enterprise_id,
        institution_id,
        MIN(applied_on) AS recommended_on,
        MIN(granted_on) AS granted_on,
        MIN(pushed_grant_on) AS pushed_grant_on
    FROM request
    GROUP BY enterprise_id, institution_id
),
firm_grant AS (
    SELECT enterprise_id, MIN(granted_on) AS granted_on, MIN(pushed_grant_on) AS pushed_grant_on
    FROM bank_firm
    GROUP BY enterprise_id
),
firm AS (
    SELECT enterprise_id, institution_id, recommended_on, granted_on, pushed_grant_on FROM bank_firm
    UNION ALL
    SELECT recommended.enterprise_id, NULL, recommended_on, granted_on, pushed_grant_on
    FROM recommended
    LEFT JOIN firm_grant ON firm_grant.enterprise_id = recommended.enterprise_id
),
drawdown AS (
    SELECT
        request.enterprise_id,
        request.institution_id,
        GREATEST(loan.granted_on, request.granted_on) AS drawn_on,
        amount_rmb
    FROM loan
    JOIN request ON request.application_id = loan.application_id
    WHERE request.granted_on IS NOT NULL
),
event AS (
    SELECT enterprise_id, institution_id, recommended_on AS event_on, 'recommended' AS kind, 0 AS amount_rmb FROM firm
    UNION ALL
    SELECT enterprise_id, institution_id, granted_on, 'granted', 0 FROM firm WHERE granted_on IS NOT NULL
    UNION ALL
    SELECT enterprise_id, institution_id, pushed_grant_on, 'pushed_grant', 0 FROM firm WHERE pushed_grant_on IS NOT NULL
    UNION ALL
    SELECT enterprise_id, institution_id, drawn_on, 'drawn', amount_rmb FROM drawdown
    UNION ALL
    SELECT enterprise_id, NULL, drawn_on, 'drawn', amount_rmb FROM drawdown
),
-- The quarter's last day is found after the sums: for every event it is dear.
quarter_event AS (
    SELECT
        DATE_TRUNC('quarter', event_on) AS first_day,
        institution_id,
        district_id,
        COUNT(*) FILTER (WHERE kind = 'recommended') AS recommended,
        COUNT(*) FILTER (WHERE kind = 'granted') AS granted,
        COUNT(*) FILTER (WHERE kind = 'pushed_grant') AS pushed_grants,
        SUM(amount_rmb) AS drawn_rmb
    FROM event
    JOIN enterprise ON enterprise.enterprise_id = event.enterprise_id
    GROUP BY DATE_TRUNC('quarter', event_on), institution_id, district_id
)
SELECT
    LAST_DAY(first_day + INTERVAL 2 MONTH) AS quarter,
    institution_id,
    COALESCE(CAST(district_id AS VARCHAR), 'out_of_city') AS district,
    recommended,
    granted,
    pushed_grants,
    CAST(drawn_rmb AS DECIMAL(18, 2)) AS drawn_rmb
FROM quarter_event
