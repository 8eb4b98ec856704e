-- id: tech_drawdown_quarter
-- grain: quarter
-- caption: Tech loans that firms of the city drew, and what guarantors guaranteed of such notes; a note is a tech loan
--   by use or by the borrower's flag at the end of the month of the event.
-- needs: month(month), enterprise(enterprise_id, in_city), loan(loan_id, enterprise_id, tech_use), loan_event,
--   guarantee(loan_id, started_on, guaranteed_amount), flagged_note, flagged_note_month
-- optional: guaranteed_rmb from guarantee(loan_id, started_on, guaranteed_amount)
-- incremental: quarter
-- period: quarter

WITH note AS (
    SELECT loan_id, COALESCE(tech_use, FALSE) AS tech_use
    FROM loan
    WHERE
        (tech_use OR loan_id IN (SELECT loan_id FROM flagged_note))
        AND enterprise_id IN (SELECT enterprise_id FROM enterprise WHERE in_city)
),
event AS (
    SELECT loan_id, month, amount_rmb AS drawn_rmb, 0 AS guaranteed_rmb FROM loan_event WHERE NOT disposed
    UNION ALL
    SELECT loan_id, LAST_DAY(started_on), 0, guaranteed_amount FROM guarantee
),
note_event AS (
    SELECT
        event.loan_id,
        month,
        LAST_DAY(DATE_TRUNC('quarter', month) + INTERVAL 2 MONTH) AS quarter,
        tech_use,
        drawn_rmb,
        guaranteed_rmb
    FROM event
    JOIN note ON note.loan_id = event.loan_id
),
other_use_event AS (
    SELECT * FROM note_event WHERE NOT tech_use
),
tech_event AS (
    SELECT quarter, drawn_rmb, guaranteed_rmb FROM note_event WHERE tech_use
    UNION ALL
    SELECT quarter, drawn_rmb, guaranteed_rmb
    FROM other_use_event
    JOIN flagged_note_month AS flag ON flag.loan_id = other_use_event.loan_id AND flag.month = other_use_event.month
)
SELECT
    quarter,
    CAST(SUM(drawn_rmb) AS DECIMAL(18, 2)) AS drawn_rmb,
    CAST(SUM(guaranteed_rmb) AS DECIMAL(18, 2)) AS guaranteed_rmb
FROM tech_event
WHERE quarter IN (SELECT month FROM month)
GROUP BY quarter
