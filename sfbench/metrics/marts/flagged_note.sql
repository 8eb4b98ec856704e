-- id: flagged_note
-- grain: note
-- caption: Notes that are flagged as tech-enterprise loans at any month end.
-- needs: loan_balance(loan_id, tech_enterprise)

SELECT DISTINCT loan_id FROM loan_balance WHERE tech_enterprise
