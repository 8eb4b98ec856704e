-- id: scheme_note
-- grain: note of a scheme's or an innovative product, or secured by intellectual property or by data assets
-- caption: Notes that the measures on credit products count; pledges are of any product.
-- needs: loan(loan_id, enterprise_id, institution_id, product_id, granted_on, amount_rmb, first_loan, manufacturing),
--   product(product_id, code), collateral(loan_id, kind)
-- optional: first_loan from loan(first_loan), manufacturing from loan(manufacturing), ip_pledge and data_pledge from
--   collateral(loan_id, kind)

WITH pledge AS (
    SELECT loan_id, BOOL_OR(kind = 'ip') AS ip_pledge, BOOL_OR(kind = 'data_asset') AS data_pledge
    FROM collateral
    WHERE kind IN ('ip', 'data_asset')
    GROUP BY loan_id
),
scheme_product AS (
    SELECT product_id, code
    FROM product
    WHERE code IN (
        'tengfei_1',
        'tengfei_2',
        'tengfei_3',
        'startup',
        'rd',
        'warrant',
        'innovation_points',
        'ip_pledge',
        'data_pledge',
        'supply_chain'
    )
)
SELECT
    loan.loan_id,
    enterprise_id,
    institution_id,
    code AS product,
    granted_on,
    amount_rmb,
    COALESCE(first_loan, FALSE) AS first_loan,
    COALESCE(manufacturing, FALSE) AS manufacturing,
    COALESCE(ip_pledge, FALSE) AS ip_pledge,
    COALESCE(data_pledge, FALSE) AS data_pledge
FROM loan
LEFT JOIN scheme_product ON scheme_product.product_id = loan.product_id
LEFT JOIN pledge ON pledge.loan_id = loan.loan_id
WHERE code IS NOT NULL OR pledge.loan_id IS NOT NULL
