-- id: disposal_month
-- grain: month x bank x year of grant
-- caption: Balances written off or transferred, and the parts that were tech-enterprise and tech loans before.
-- needs: disposal, loan(loan_id, institution_id, granted_on, tech_use), flagged_note_month
-- optional: vintage from loan(granted_on), tech_disposed_rmb and tech_loan_disposed_rmb from flagged_note_month,
--   tech_loan_disposed_rmb from loan(tech_use)
-- incremental: month

-- The flag is that of the month end before the disposal; what a note was lent for never changes.
WITH note_disposal AS (
    SELECT month, LAST_DAY(month - INTERVAL 1 MONTH) AS month_before, loan_id, disposed_rmb FROM disposal
),
flag AS (
    SELECT month, loan_id FROM flagged_note_month WHERE loan_id IN (SELECT loan_id FROM disposal)
)
SELECT
    note_disposal.month,
    institution_id,
    YEAR(granted_on) AS vintage,
    CAST(SUM(disposed_rmb) AS DECIMAL(18, 2)) AS disposed_rmb,
    CAST(
        COALESCE(SUM(disposed_rmb) FILTER (WHERE flag.month IS NOT NULL), 0) AS DECIMAL(18, 2)
    ) AS tech_disposed_rmb,
    CAST(
        COALESCE(SUM(disposed_rmb) FILTER (WHERE flag.month IS NOT NULL OR tech_use), 0) AS DECIMAL(18, 2)
    ) AS tech_loan_disposed_rmb
FROM note_disposal
JOIN loan ON loan.loan_id = note_disposal.loan_id
LEFT JOIN flag ON flag.loan_id = note_disposal.loan_id AND flag.month = note_disposal.month_before
GROUP BY note_disposal.month, institution_id, YEAR(granted_on)
