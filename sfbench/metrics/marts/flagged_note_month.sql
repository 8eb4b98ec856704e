-- id: flagged_note_month
-- grain: month x note that is flagged as a tech-enterprise loan at the month end
-- caption: Months in which a note is flagged.
-- needs: loan_balance(month, loan_id, tech_enterprise)
-- incremental: month

SELECT month, loan_id FROM loan_balance WHERE tech_enterprise
