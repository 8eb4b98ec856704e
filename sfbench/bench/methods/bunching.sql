-- zh: 门槛处密度断点
-- en: Bunching at a firm's own floor
-- task: gaming_detection
-- question: stretched_ratio
-- source: McCrary 2008 on densities at a cutoff; Kleven 2016 on bunching; floors: the rules for high-tech enterprises
-- source_zh: McCrary 2008论门槛处密度；Kleven 2016论聚集；门槛见高新技术企业认定办法

-- In bins of a quarter of a point above the floor, the share beyond what bins a point away hold has been moved there.
WITH report AS (
    SELECT
        enterprise_id,
        CASE WHEN revenue <= 5e7 THEN 5 WHEN revenue <= 2e8 THEN 4 ELSE 3 END AS floor,
        100 * CAST(rd_spend AS DOUBLE) / CAST(revenue AS DOUBLE) AS ratio
    FROM enterprise_year
    WHERE period_end = CAST($last AS DATE) AND revenue > 0
),

binned AS (
    SELECT
        *,
        CAST(FLOOR((ratio - floor) / 0.25) AS INT) AS bin
    FROM report
),

counted AS (SELECT floor, bin, COUNT(*) AS firms FROM binned GROUP BY ALL),

usual AS (SELECT floor, AVG(firms) AS firms FROM counted WHERE bin BETWEEN 4 AND 7 GROUP BY floor),

moved AS (
    SELECT
        counted.floor,
        bin,
        GREATEST(1 - usual.firms / counted.firms, 0) AS share
    FROM counted
    JOIN usual USING (floor)
    WHERE bin BETWEEN 0 AND 3
)

SELECT
    enterprise_id,
    COALESCE(moved.share, 0) AS score,
    COALESCE(moved.share, 0) > 0.5 AS flagged
FROM binned
LEFT JOIN moved USING (floor, bin)
