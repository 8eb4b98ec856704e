-- id: growth_priced_note
-- grain: note of a Tengfei product, or other note with a warrant
-- caption: What the price of a note that is tied to the firm's growth was when it was granted.
-- needs: loan(loan_id, product_id, tenor_months, rate_kind, grant_rate, benchmark, benchmark_rate, repricing_on),
--   product(product_id, code), warrant(loan_id)

WITH tengfei_product AS (
    SELECT product_id, code FROM product WHERE code IN ('tengfei_1', 'tengfei_2', 'tengfei_3')
)
SELECT
    loan_id,
    COALESCE(code, 'warrant') AS version,
    tenor_months,
    rate_kind,
    grant_rate,
    benchmark,
    benchmark_rate,
    repricing_on
FROM loan
LEFT JOIN tengfei_product ON tengfei_product.product_id = loan.product_id
WHERE code IS NOT NULL OR loan_id IN (SELECT loan_id FROM warrant)
