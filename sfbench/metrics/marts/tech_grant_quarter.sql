-- id: tech_grant_quarter
-- grain: quarter of grant x bank x applied for online
-- caption: Tech loans granted: by use, or to a firm that is a tech enterprise on the day of the grant.
-- needs: month(month), tag_span, loan(loan_id, application_id, enterprise_id, institution_id, granted_on, amount_rmb,
--   tech_use), credit_application(application_id, channel)
-- optional: online from loan(application_id), online from credit_application(application_id, channel)
-- incremental: quarter
-- period: quarter

-- Most notes are of firms that never hold a tag: they are left out before days are compared.
WITH candidate AS (
    SELECT * FROM loan WHERE tech_use OR enterprise_id IN (SELECT enterprise_id FROM tag_span)
),
note_of_tech_enterprise AS (
    SELECT DISTINCT loan_id
    FROM candidate
    JOIN tag_span ON tag_span.enterprise_id = candidate.enterprise_id AND granted_on BETWEEN first_day AND last_day
),
tech_note AS (
    SELECT * FROM candidate WHERE tech_use OR loan_id IN (SELECT loan_id FROM note_of_tech_enterprise)
),
online_application AS (
    SELECT application_id FROM credit_application WHERE channel = 'online'
),
grant_quarter AS (
    SELECT
        DATE_TRUNC('quarter', granted_on) AS first_day,
        institution_id,
        COALESCE(application_id IN (SELECT application_id FROM online_application), FALSE) AS online,
        COUNT(*) AS notes,
        CAST(SUM(amount_rmb) AS DECIMAL(18, 2)) AS amount_rmb
    FROM tech_note
    GROUP BY ALL
)
SELECT LAST_DAY(first_day + INTERVAL 2 MONTH) AS quarter, institution_id, online, notes, amount_rmb
FROM grant_quarter
WHERE LAST_DAY(first_day + INTERVAL 2 MONTH) IN (SELECT month FROM month)
