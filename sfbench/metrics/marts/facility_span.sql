-- id: facility_span
-- grain: cross-border facility
-- caption: Days on which a facility is in force: until it is replaced, or the firm is dissolved.
-- needs: cross_border_facility(facility_id, enterprise_id, qualification, registered_on, replaced_on, quota_usd),
--   enterprise(enterprise_id, dissolved_on)

SELECT
    facility_id,
    cross_border_facility.enterprise_id,
    COALESCE(qualification, 'none') AS qualification,
    registered_on AS first_day,
    LEAST(replaced_on, dissolved_on) AS over_on,
    quota_usd
FROM cross_border_facility
LEFT JOIN enterprise ON enterprise.enterprise_id = cross_border_facility.enterprise_id
