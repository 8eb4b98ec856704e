-- id: leader_loan_quarter
-- grain: quarter end x leader of a chain x kind of loan (rd or upgrade)
-- caption: Balances of R&D and upgrade loans of firms that ever lead a chain.
-- needs: chain_link(enterprise_id, role), product(product_id, code), loan(loan_id, enterprise_id, product_id, purpose),
--   balance_quarter(month)
-- incremental: quarter
-- period: quarter

WITH leader AS (
    SELECT DISTINCT enterprise_id FROM chain_link WHERE role = 'leader'
),
note AS (
    SELECT
        loan_id,
        loan.enterprise_id,
        CASE
            WHEN purpose LIKE '%研发%' OR code IN ('rd', 'policy_tech_rd') THEN 'rd'
            WHEN purpose LIKE '%技术改造%' OR code = 'equipment_renewal' THEN 'upgrade'
        END AS kind
    FROM loan
    JOIN leader ON leader.enterprise_id = loan.enterprise_id
    JOIN product ON product.product_id = loan.product_id
)
SELECT month AS quarter, enterprise_id, kind, CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb
FROM balance_quarter
JOIN note ON note.loan_id = balance_quarter.loan_id
WHERE kind IS NOT NULL
GROUP BY month, enterprise_id, kind
