-- id: carbon_account_span
-- grain: rating of a firm's carbon account
-- caption: Days on which a rating is valid and its firm exists.
-- needs: carbon_account(enterprise_id, rated_on, valid_to), enterprise(enterprise_id, dissolved_on)

SELECT
    carbon_account.enterprise_id,
    rated_on AS first_day,
    -- a firm is gone on the day on which it is dissolved
    CASE WHEN dissolved_on <= valid_to THEN CAST(dissolved_on - INTERVAL 1 DAY AS DATE) ELSE valid_to END AS last_day
FROM carbon_account
LEFT JOIN enterprise ON enterprise.enterprise_id = carbon_account.enterprise_id
