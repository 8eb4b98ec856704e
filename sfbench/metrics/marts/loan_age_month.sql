-- id: loan_age_month
-- grain: month x borrower's stage x year of grant x strategic emerging class of use x tech_enterprise x tech_use
-- caption: Balances of all loan notes by the age of borrower and note, and by the class of use.
-- needs: loan_class_month, note_profile

SELECT month, stage, vintage, NULLIF(se_class, 'none') AS se, tech_enterprise, tech_use, balance_rmb
FROM loan_class_month
JOIN note_profile ON note_profile.loan_id = age_class
