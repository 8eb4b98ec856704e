-- id: query_note
-- grain: query x note
-- caption: Notes that the bank which asked grants to the firm asked about within 90 days of the query.
-- needs: credit_report(query_id, enterprise_id, institution_id, queried_on, uses_funds_flow), loan(loan_id,
--   enterprise_id, institution_id, granted_on)
-- optional: uses_funds_flow from credit_report(uses_funds_flow)

SELECT query_id, loan.loan_id, queried_on, granted_on, COALESCE(uses_funds_flow, FALSE) AS uses_funds_flow
FROM credit_report
JOIN loan
    ON loan.enterprise_id = credit_report.enterprise_id
    AND loan.institution_id = credit_report.institution_id
    AND granted_on >= queried_on
    AND granted_on <= queried_on + INTERVAL 90 DAY
