-- zh: 名单企业获贷率变化
-- en: The change in access to credit of listed firms
-- asks: of the firms on the coordination list at the first month end of the span, the share with a loan at the last, less that at the first
-- task: indicator
-- tables: list_entry, loan, loan_balance
-- naive: access_on_list_of_day

WITH listed AS (
    SELECT DISTINCT enterprise_id
    FROM real.list_entry
    WHERE
        list = 'coordination' AND reserved_on <= LAST_DAY($first)
        AND COALESCE(removed_on > LAST_DAY($first), TRUE)
),

borrower AS (
    SELECT DISTINCT
        month,
        enterprise_id
    FROM real.loan_balance
    JOIN real.loan USING (loan_id)
    WHERE month IN (LAST_DAY($first), $last)
)

SELECT
    (
        COUNT(*) FILTER (WHERE enterprise_id IN (SELECT enterprise_id FROM borrower WHERE month = $last))
        - COUNT(*) FILTER (WHERE enterprise_id IN (SELECT enterprise_id FROM borrower WHERE month = LAST_DAY($first)))
    )
    / CAST(COUNT(*) AS DOUBLE) AS value
FROM listed
