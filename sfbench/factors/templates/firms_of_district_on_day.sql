-- id: firms_of_district_on_day
-- zh: 某日登记在一个区的企业版本
-- en: Registered versions of the firms of a district that were valid on a day (as of)
-- table: enterprise_version
-- parameter: district_id | BIGINT, day | DATE

SELECT *
FROM enterprise_version
WHERE district_id = $district_id AND valid_from <= $day AND COALESCE(valid_to >= $day, TRUE);

WITH day AS (
    SELECT DISTINCT month AS day FROM month WHERE MONTH(month) = 12
)
SELECT district_id, day, COUNT(*) AS rows_selected
FROM enterprise_version
JOIN day ON valid_from <= day AND COALESCE(valid_to >= day, TRUE)
WHERE district_id IS NOT NULL
GROUP BY district_id, day;
