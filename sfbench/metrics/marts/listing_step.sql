-- id: listing_step
-- grain: step of a firm of the city
-- caption: Steps on exchanges, NEEQ and the specialised board in order; was the firm a tech enterprise on the day?
-- needs: listing(enterprise_id, step_no, step, board, step_on, proceeds, moved_from), enterprise(enterprise_id,
--   in_city, dissolved_on), tech_firm_span

SELECT
    listing.enterprise_id,
    ROW_NUMBER() OVER (PARTITION BY listing.enterprise_id ORDER BY step_on, step_no) AS place,
    step,
    board,
    step_on,
    proceeds,
    moved_from,
    dissolved_on,
    tech_firm_span.enterprise_id IS NOT NULL AS tech_enterprise
FROM listing
JOIN enterprise ON enterprise.enterprise_id = listing.enterprise_id
LEFT JOIN tech_firm_span
    ON tech_firm_span.enterprise_id = listing.enterprise_id AND step_on BETWEEN first_day AND last_day
WHERE in_city
