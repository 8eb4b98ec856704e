-- id: loan_use_month
-- grain: month x bank x borrower's cluster x used in the borrower's trade x manufacturing x long-term x SE class
-- caption: Balances of notes used in manufacturing or a strategic emerging industry, or of a borrower in a cluster.
-- needs: month(month), class_month(month), note_use
-- incremental: month

SELECT
    month,
    institution_id,
    NULLIF(cluster_id, 0) AS cluster_id,
    own_trade,
    manufacturing,
    long_term,
    NULLIF(se, 'none') AS se,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
JOIN note_use ON note_use.loan_id = use_class
WHERE month IN (SELECT month FROM month)
