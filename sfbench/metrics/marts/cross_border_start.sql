-- id: cross_border_start
-- grain: firm of the city that has cross-border business
-- caption: Day and district of a firm's first cross-border business: a facility, a cash pool or a credit on a report.
-- needs: cross_border_facility(enterprise_id, registered_on), cash_pool_member(enterprise_id, joined_on),
--   cross_border_report(enterprise_id, decided_on, granted), enterprise(enterprise_id, in_city, district_id)

WITH business AS (
    SELECT enterprise_id, registered_on AS begun_on FROM cross_border_facility
    UNION ALL
    SELECT enterprise_id, joined_on FROM cash_pool_member WHERE enterprise_id IS NOT NULL
    UNION ALL
    SELECT enterprise_id, decided_on FROM cross_border_report WHERE granted
),
first_business AS (
    SELECT enterprise_id, MIN(begun_on) AS first_on FROM business GROUP BY enterprise_id
)
SELECT first_business.enterprise_id, district_id, first_on
FROM first_business
JOIN enterprise ON enterprise.enterprise_id = first_business.enterprise_id
WHERE in_city
