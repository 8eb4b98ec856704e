-- id: loan_use_month
-- grain: month x bank x borrower's cluster x used in the borrower's trade x manufacturing x long-term x SE class
-- caption: Balances of notes used in manufacturing or a strategic emerging industry, or of a borrower in a cluster.
-- needs: month(month), class_month(month), note_profile(month)
-- incremental: month

SELECT
    month,
    institution_id,
    cluster_id,
    (use_traits & 1) = 1 AS own_trade,
    (use_traits & 2) = 2 AS manufacturing,
    (use_traits & 4) = 4 AS long_term,
    NULLIF(se, 'none') AS se,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
JOIN note_profile ON note_profile.loan_id = use_class
WHERE month IN (SELECT month FROM month)
