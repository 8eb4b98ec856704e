-- id: loan_place_month
-- grain: month x borrower's district x borrower's cluster x tech_enterprise x tech_use
-- caption: Balances of all loan notes by where the borrower is registered and by its cluster.
-- needs: loan_class_month, note_profile

SELECT month, district, NULLIF(cluster_id, 0) AS cluster_id, tech_enterprise, tech_use, balance_rmb
FROM loan_class_month
JOIN note_profile ON note_profile.loan_id = place_class
