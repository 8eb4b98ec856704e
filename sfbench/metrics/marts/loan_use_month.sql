-- id: loan_use_month
-- grain: month x bank x borrower's cluster x used in the borrower's trade x manufacturing x long-term x SE class
-- caption: Balances of notes used in manufacturing or a strategic emerging industry, or of a borrower in a cluster.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb), loan(loan_id, enterprise_id, institution_id,
--   use_industry, tenor_months, se, manufacturing), enterprise(enterprise_id, cluster_id, industry_code)
-- optional: cluster_id and own_trade from loan(enterprise_id), cluster_id and own_trade from enterprise(enterprise_id,
--   cluster_id), own_trade from loan(use_industry), own_trade from enterprise(industry_code), manufacturing from
--   loan(manufacturing), long_term from loan(tenor_months), se from loan(se)
-- incremental: month
-- only: loan.loan_id in loan_balance

-- As in loan_month: the wide group is made once per note, as one number. No cluster is 0, no class is 'none'.
WITH note AS (
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
),
note_class AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            ORDER BY institution_id, cluster_id, own_trade, manufacturing, long_term, se
        ) AS class_no
    FROM (SELECT DISTINCT institution_id, cluster_id, own_trade, manufacturing, long_term, se FROM note) AS classes
),
class_of_note AS (
    SELECT note.loan_id, note_class.class_no
    FROM note
    JOIN note_class USING (institution_id, cluster_id, own_trade, manufacturing, long_term, se)
),
class_month AS (
    SELECT month, class_no, SUM(balance_rmb) AS balance_rmb
    FROM loan_balance
    JOIN class_of_note USING (loan_id)
    GROUP BY month, class_no
)
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
JOIN note_class USING (class_no)
WHERE month IN (SELECT month FROM month)
