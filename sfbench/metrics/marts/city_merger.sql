-- id: city_merger
-- grain: merger whose acquirer is a firm of the city
-- caption: Mergers by firms of the city, with the acquirer's state at the agreement; the target may be any firm.
-- needs: merger(merger_id, kind, acquirer_id, acquirer_tech, acquirer_listed, agreed_on, closed_on, price),
--   enterprise(enterprise_id, in_city)

SELECT merger_id, kind, acquirer_tech, acquirer_listed, agreed_on, closed_on, price
FROM merger
JOIN enterprise ON enterprise_id = acquirer_id
WHERE in_city
