-- id: firm_life
-- grain: month of founding x month of dissolution x district
-- caption: Firms of the city by the months in which they begin and end; no month of dissolution while they live.
-- needs: enterprise(district_id, in_city, founded_on, dissolved_on)

SELECT
    LAST_DAY(founded_on) AS founded_month,
    LAST_DAY(dissolved_on) AS dissolved_month,
    district_id,
    COUNT(*) AS firms
FROM enterprise
WHERE in_city
GROUP BY LAST_DAY(founded_on), LAST_DAY(dissolved_on), district_id
