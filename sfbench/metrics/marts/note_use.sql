-- id: note_use
-- grain: loan note used in manufacturing or a strategic emerging industry, or of a borrower in a cluster
-- caption: What a note is used for: its SE class ('none'), and whether in the borrower's trade (of firms in a cluster),
--   in manufacturing, and for more than a year. The cluster of a borrower in none is 0.
-- needs: loan(loan_id, enterprise_id, institution_id, use_industry, tenor_months, se, manufacturing),
--   enterprise(enterprise_id, cluster_id, industry_code)

SELECT
    loan_id,
    institution_id,
    COALESCE(cluster_id, 0) AS cluster_id,
    COALESCE(cluster_id IS NOT NULL AND use_industry = industry_code, FALSE) AS own_trade,
    COALESCE(manufacturing, FALSE) AS manufacturing,
    COALESCE(tenor_months > 12, FALSE) AS long_term,
    COALESCE(se, 'none') AS se
FROM loan
LEFT JOIN enterprise ON enterprise.enterprise_id = loan.enterprise_id
WHERE manufacturing OR se IS NOT NULL OR cluster_id IS NOT NULL
