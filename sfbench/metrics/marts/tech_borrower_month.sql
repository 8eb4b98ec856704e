-- id: tech_borrower_month
-- grain: month x bank x borrower, for borrowers that hold an in-scope tag at any time or are flagged in any month
-- caption: Balances of tech enterprises bank by bank: all their notes, those of months in which they are flagged, and
--   of these the notes of small and micro firms; the line is the amount granted under all notes with a balance. No
--   reader asks for a month before a borrower's first tag or flag, so such months may lack it: a cache does not add
--   them.
-- needs: month(month), tag_span, flagged_note, loan_balance(month, loan_id, balance_rmb, tech_enterprise),
--   loan(loan_id, enterprise_id, institution_id, borrower_size, amount_rmb)
-- optional: tag_span, small_tech_balance_rmb from loan(borrower_size), line_rmb from loan(amount_rmb)
-- incremental: month

WITH listed_borrower AS (
    SELECT enterprise_id FROM loan WHERE loan_id IN (SELECT loan_id FROM flagged_note)
    UNION
    SELECT enterprise_id FROM tag_span
),
note AS (
    SELECT loan_id, enterprise_id, institution_id, amount_rmb, borrower_size IN ('CS03', 'CS04') AS small
    FROM loan
    WHERE enterprise_id IN (SELECT enterprise_id FROM listed_borrower)
),
borrower_month AS (
    SELECT
        month,
        institution_id,
        enterprise_id,
        COALESCE(BOOL_OR(tech_enterprise), FALSE) AS listed,
        CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise), 0) AS DECIMAL(18, 2)) AS tech_balance_rmb,
        CAST(
            COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise AND small), 0) AS DECIMAL(18, 2)
        ) AS small_tech_balance_rmb,
        CAST(COALESCE(SUM(amount_rmb) FILTER (WHERE balance_rmb > 0), 0) AS DECIMAL(18, 2)) AS line_rmb
    FROM loan_balance
    JOIN note USING (loan_id)
    GROUP BY month, institution_id, enterprise_id
),
-- one row per borrower and month is of its first bank, so that borrowers of the city are distinct in a plain sum
first_bank AS (
    SELECT month, enterprise_id, MIN(institution_id) AS institution_id
    FROM borrower_month
    WHERE tech_balance_rmb > 0
    GROUP BY month, enterprise_id
)
SELECT borrower_month.*, first_bank.month IS NOT NULL AS first_bank
FROM borrower_month
LEFT JOIN first_bank
    ON first_bank.month = borrower_month.month
    AND first_bank.enterprise_id = borrower_month.enterprise_id
    AND first_bank.institution_id = borrower_month.institution_id
WHERE borrower_month.month IN (SELECT month FROM month)
