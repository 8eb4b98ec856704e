-- id: tech_drawdown_quarter
-- grain: quarter
-- caption: Tech loans that firms of the city drew, and what guarantors guaranteed of such notes; a note is a tech loan
--   by use or by the borrower's flag at the end of the month of the event.
-- needs: month(month), enterprise(enterprise_id, in_city), loan(loan_id, enterprise_id, tech_use), loan_flow(loan_id,
--   event_on, kind, amount_rmb), guarantee(loan_id, started_on, guaranteed_amount), loan_balance(month, loan_id,
--   tech_enterprise)

WITH city_note AS (
    SELECT loan_id, COALESCE(tech_use, FALSE) AS tech_use
    FROM loan
    JOIN enterprise ON enterprise.enterprise_id = loan.enterprise_id
    WHERE in_city
),
event AS (
    SELECT loan_id, event_on, amount_rmb AS drawn_rmb, 0 AS guaranteed_rmb FROM loan_flow WHERE kind = 'drawdown'
    UNION ALL
    SELECT loan_id, started_on, 0, guaranteed_amount FROM guarantee
),
city_event AS (
    SELECT
        event.loan_id,
        LAST_DAY(event_on) AS month,
        LAST_DAY(DATE_TRUNC('quarter', event_on) + INTERVAL 2 MONTH) AS quarter,
        tech_use,
        drawn_rmb,
        guaranteed_rmb
    FROM event
    JOIN city_note ON city_note.loan_id = event.loan_id
),
flagged_note AS (
    SELECT month, loan_id FROM loan_balance WHERE tech_enterprise
)
SELECT
    quarter,
    CAST(SUM(drawn_rmb) AS DECIMAL(18, 2)) AS drawn_rmb,
    CAST(SUM(guaranteed_rmb) AS DECIMAL(18, 2)) AS guaranteed_rmb
FROM city_event
LEFT JOIN flagged_note ON flagged_note.loan_id = city_event.loan_id AND flagged_note.month = city_event.month
WHERE quarter IN (SELECT month FROM month) AND (tech_use OR flagged_note.loan_id IS NOT NULL)
GROUP BY quarter
