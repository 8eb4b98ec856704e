-- zh: 分区处理效应(收缩)
-- en: Effect by district, shrunk
-- task: allocation
-- question: effect_per_yuan
-- source: effects of a drawn pilot by group; Manski 2004 on treatment choice; Efron and Morris 1975 on shrinkage
-- source_zh: 抽签试点分组的效应；Manski 2004论政策选择；Efron和Morris 1975论收缩

-- Firms were drawn for the pilot, so those of a district that were not are its comparison. A log ratio of ratios of
-- totals has about the error of the number of notes behind it, and is drawn to the mean of all by that.
WITH lent AS (
    SELECT
        district_id,
        starts_on IS NOT NULL AS reached,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on >= CAST($first AS DATE)) AS DOUBLE) AS now,
        CAST(SUM(amount_rmb) FILTER (WHERE granted_on < CAST($first AS DATE)) AS DOUBLE) AS before,
        COUNT(*) AS notes
    FROM loan
    JOIN enterprise USING (enterprise_id)
    JOIN register USING (enterprise_id)
    WHERE
        granted_on <= CAST($last AS DATE)
        AND granted_on >= CAST($first AS DATE) - CAST(DATE_DIFF('day', CAST($first AS DATE), CAST($last AS DATE)) + 1 AS INT)
    GROUP BY district_id, starts_on IS NOT NULL
),

effect AS (
    SELECT
        district_id,
        LN(own.now / own.before) - LN(others.now / others.before) AS size,
        1.0 / own.notes + 1.0 / others.notes AS noise
    FROM lent AS own
    JOIN lent AS others USING (district_id)
    WHERE own.reached AND NOT others.reached
),

prior AS (SELECT MEDIAN(size) AS middle, MEDIAN(noise) AS noise FROM effect)

SELECT
    district_id,
    middle + (size - middle) * prior.noise / (prior.noise + effect.noise) AS score
FROM effect
CROSS JOIN prior
