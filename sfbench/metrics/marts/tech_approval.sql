-- id: tech_approval
-- grain: application approved
-- caption: Applications approved, drawn or not, of firms that are tech enterprises on the day of the decision.
-- needs: tag_span, credit_application(application_id, enterprise_id, institution_id, channel, applied_on, decided_on,
--   decision)
-- optional: online from credit_application(channel)

SELECT DISTINCT
    application_id,
    institution_id,
    COALESCE(channel = 'online', FALSE) AS online,
    applied_on,
    decided_on
FROM credit_application
JOIN tag_span
    ON tag_span.enterprise_id = credit_application.enterprise_id AND decided_on BETWEEN first_day AND last_day
WHERE decision = 'approved'
