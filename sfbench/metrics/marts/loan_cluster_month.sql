-- id: loan_cluster_month
-- grain: month x bank x borrower's cluster x used in the borrower's trade
-- caption: Balances of the notes of borrowers in a cluster.
-- needs: loan_class_month, note_profile

SELECT month, institution_id, cluster_id, own_trade, balance_rmb
FROM loan_class_month
JOIN note_profile ON note_profile.loan_id = cluster_class
WHERE cluster_id > 0
