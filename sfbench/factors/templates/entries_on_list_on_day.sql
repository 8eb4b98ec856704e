-- id: entries_on_list_on_day
-- zh: 某日在一个名单上的条目
-- en: Entries pushed to a list and not removed on a day (as of)
-- table: list_entry
-- parameter: list | VARCHAR, day | DATE

SELECT * FROM list_entry WHERE list = $list AND pushed_on <= $day AND COALESCE(removed_on > $day, TRUE);

WITH day AS (
    SELECT DISTINCT month AS day FROM month WHERE MONTH(month) IN (6, 12)
)
SELECT list, day, COUNT(*) AS rows_selected
FROM list_entry
JOIN day ON pushed_on <= day AND COALESCE(removed_on > day, TRUE)
GROUP BY list, day;
