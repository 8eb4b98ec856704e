-- id: firms_named
-- zh: 名称以某些字开头的企业
-- en: Firms whose name begins with some characters
-- table: enterprise
-- parameter: prefix | VARCHAR

SELECT * FROM enterprise WHERE name_zh LIKE $prefix || '%';

WITH prefixed AS (
    SELECT LEFT(name_zh, length) AS prefix
    FROM enterprise
    CROSS JOIN (SELECT UNNEST([2, 3, 4]) AS length) AS lengths
    WHERE LENGTH(name_zh) >= length
)
SELECT prefix, COUNT(*) AS rows_selected FROM prefixed GROUP BY prefix;
