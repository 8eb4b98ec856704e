-- id: sponsor_note
-- grain: note granted to the sponsor of an ecological science platform
-- caption: Loans granted to the enterprises behind institutes with an ecological topic.
-- needs: institute(eco_topic, sponsor_id), loan(loan_id, enterprise_id, granted_on, amount_rmb)

SELECT loan_id, enterprise_id, granted_on, amount_rmb
FROM loan
WHERE enterprise_id IN (SELECT sponsor_id FROM institute WHERE eco_topic IS NOT NULL)
