-- id: scheme_contract
-- grain: approved application for a product of the Tengfei or the start-up scheme
-- caption: Credit granted under the two schemes, drawn or not.
-- needs: credit_application(application_id, enterprise_id, institution_id, product_id, applied_on, decided_on,
--   decision, amount_approved), product(product_id, code)

SELECT application_id, enterprise_id, institution_id, code AS product, applied_on, decided_on, amount_approved
FROM credit_application
JOIN product ON product.product_id = credit_application.product_id
WHERE code IN ('tengfei_1', 'tengfei_2', 'tengfei_3', 'startup') AND decision = 'approved'
