-- id: disposal_month
-- grain: month x bank x year of grant
-- caption: Balances written off or transferred, and the parts that were tech-enterprise and tech loans before.
-- needs: loan_flow(loan_id, event_on, kind, amount_rmb), loan(loan_id, institution_id, granted_on, tech_use),
--   loan_balance(month, loan_id, tech_enterprise)

-- The flag is that of the month end before the disposal; what a note was lent for never changes.
WITH disposal AS (
    SELECT
        loan_id,
        LAST_DAY(event_on) AS month,
        LAST_DAY(event_on - INTERVAL 1 MONTH) AS month_before,
        SUM(-amount_rmb) AS disposed_rmb
    FROM loan_flow
    WHERE kind IN ('write_off', 'transfer')
    GROUP BY loan_id, LAST_DAY(event_on), LAST_DAY(event_on - INTERVAL 1 MONTH)
),
flagged_note AS (
    SELECT month, loan_id FROM loan_balance WHERE tech_enterprise
)
SELECT
    disposal.month,
    institution_id,
    YEAR(granted_on) AS vintage,
    CAST(SUM(disposed_rmb) AS DECIMAL(18, 2)) AS disposed_rmb,
    CAST(
        COALESCE(SUM(disposed_rmb) FILTER (WHERE flagged_note.month IS NOT NULL), 0) AS DECIMAL(18, 2)
    ) AS tech_disposed_rmb,
    CAST(
        COALESCE(SUM(disposed_rmb) FILTER (WHERE flagged_note.month IS NOT NULL OR tech_use), 0) AS DECIMAL(18, 2)
    ) AS tech_loan_disposed_rmb
FROM disposal
JOIN loan ON loan.loan_id = disposal.loan_id
LEFT JOIN flagged_note ON flagged_note.loan_id = disposal.loan_id AND flagged_note.month = disposal.month_before
GROUP BY disposal.month, institution_id, YEAR(granted_on)
