-- id: notes_of_fund_portfolio
-- zh: 一只基金所投企业的借据
-- en: Loan notes of the firms that a fund has invested in (two hops)
-- table: loan
-- parameter: fund_id | BIGINT

SELECT * FROM loan WHERE enterprise_id IN (SELECT enterprise_id FROM deal WHERE fund_id = $fund_id);

WITH holding AS (
    SELECT DISTINCT fund_id, enterprise_id FROM deal
)
SELECT fund_id, COUNT(*) AS rows_selected
FROM holding
JOIN loan USING (enterprise_id)
WHERE fund_id IS NOT NULL
GROUP BY fund_id;
