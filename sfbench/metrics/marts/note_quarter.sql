-- id: note_quarter
-- grain: quarter end x note, for notes that are green, guaranteed, secured by data assets, of supply-chain credit, or
--   owed by the sponsor of an ecological platform
-- caption: Quarter-end balances of the notes that measures 12 to 14 follow, read in one pass over the balances.
-- needs: month(month), institute(eco_topic, sponsor_id), product(product_id, code), collateral(loan_id, kind),
--   guarantee(loan_id), loan(loan_id, enterprise_id, institution_id, product_id, green, manufacturing),
--   loan_balance(month, loan_id, balance_rmb, tech_enterprise)

WITH supply_chain_product AS (
    SELECT product_id FROM product WHERE code = 'supply_chain'
),
note AS (
    SELECT
        loan_id,
        enterprise_id,
        institution_id,
        COALESCE(green, FALSE) AS green,
        product_id IN (SELECT product_id FROM supply_chain_product) AS supply_chain,
        COALESCE(manufacturing, FALSE) AS manufacturing
    FROM loan
),
followed_note AS (
    SELECT *
    FROM note
    WHERE green
        OR supply_chain
        OR enterprise_id IN (SELECT sponsor_id FROM institute WHERE eco_topic IS NOT NULL)
        OR loan_id IN (SELECT loan_id FROM guarantee)
        OR loan_id IN (SELECT loan_id FROM collateral WHERE kind = 'data_asset')
)
SELECT
    month AS quarter,
    loan_id,
    enterprise_id,
    institution_id,
    green,
    supply_chain,
    manufacturing,
    COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
    balance_rmb
FROM loan_balance
JOIN followed_note USING (loan_id)
WHERE month IN (SELECT month FROM month WHERE MONTH(month) % 3 = 0)
