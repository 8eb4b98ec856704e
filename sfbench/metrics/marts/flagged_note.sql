-- id: flagged_note
-- grain: note
-- caption: Notes that are flagged as tech-enterprise loans at any month end.
-- needs: flagged_note_month

SELECT DISTINCT loan_id FROM flagged_note_month
