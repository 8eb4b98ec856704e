-- id: credit_query_quarter
-- grain: quarter of the query x bank that asks x before a loan or not
-- caption: Queries, those followed by a note of the firm at the bank within 90 days, and by one of the query's own
--   request.
-- needs: credit_report(query_id, institution_id, queried_on, purpose, application_id), loan(application_id,
--   granted_on), query_note
-- optional: pre_loan from credit_report(purpose), linked from credit_report(application_id), linked from
--   loan(application_id, granted_on)

WITH converted_query AS (
    SELECT DISTINCT query_id FROM query_note
),
linked_query AS (
    SELECT DISTINCT query_id
    FROM credit_report
    JOIN loan
        ON loan.application_id = credit_report.application_id
        AND granted_on >= queried_on
        AND granted_on <= queried_on + INTERVAL 90 DAY
)
SELECT
    LAST_DAY(DATE_TRUNC('quarter', queried_on) + INTERVAL 2 MONTH) AS quarter,
    institution_id,
    COALESCE(purpose = 'pre_loan', FALSE) AS pre_loan,
    COUNT(*) AS queries,
    COUNT(converted_query.query_id) AS converted,
    COUNT(linked_query.query_id) AS linked
FROM credit_report
LEFT JOIN converted_query ON converted_query.query_id = credit_report.query_id
LEFT JOIN linked_query ON linked_query.query_id = credit_report.query_id
GROUP BY ALL
