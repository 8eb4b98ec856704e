-- id: funds_flow_quarter
-- grain: quarter of grant x bank
-- caption: Contracts and notes that follow the bank's query with funds-flow data within 30 days, and the first loans
--   among them.
-- needs: loan(loan_id, institution_id, contract_code, granted_on, amount_rmb, first_loan), query_note

WITH funds_flow_note AS (
    SELECT DISTINCT loan_id FROM query_note WHERE uses_funds_flow AND granted_on <= queried_on + INTERVAL 30 DAY
)
SELECT
    LAST_DAY(DATE_TRUNC('quarter', granted_on) + INTERVAL 2 MONTH) AS quarter,
    institution_id,
    COUNT(DISTINCT contract_code) AS contracts,
    COUNT(DISTINCT contract_code) FILTER (WHERE first_loan) AS first_contracts,
    CAST(SUM(amount_rmb) AS DECIMAL(18, 2)) AS amount_rmb,
    CAST(COALESCE(SUM(amount_rmb) FILTER (WHERE first_loan), 0) AS DECIMAL(18, 2)) AS first_amount_rmb
FROM loan
WHERE loan_id IN (SELECT loan_id FROM funds_flow_note)
GROUP BY ALL
