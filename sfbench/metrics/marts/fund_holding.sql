-- id: fund_holding
-- grain: deal by which a fund came to hold a stake
-- caption: Stakes of funds, old shares too, from the deal to the exit that ends them; selling a part ends none.
-- needs: deal(deal_id, fund_id, enterprise_id, instrument, closed_on), fund_exit(deal_id, exited_on, final)

WITH final_exit AS (
    SELECT deal_id, MIN(exited_on) AS exited_on FROM fund_exit WHERE final GROUP BY deal_id
)
SELECT fund_id, enterprise_id, closed_on, exited_on
FROM deal
LEFT JOIN final_exit ON final_exit.deal_id = deal.deal_id
WHERE instrument IN ('common', 'preferred', 'convertible')
