-- id: incident_resolution_days
-- measure: 19
-- zh: 风险处置时效
-- en: Days to contain an incident
-- period: quarter
-- component: median_days | day | not additive | 处置天数中位数 | Median days of contained incidents
-- component: p90_days | day | not additive | 处置天数90分位 | 90th percentile of contained incidents
-- component: km_median_days | day | not additive | 处置天数中位数(含未结) | Median with open incidents censored
-- component: km_p90_days | day | not additive | 处置天数90分位(含未结) | 90th percentile with open incidents censored
-- component: open_incidents | count | not additive | 未结事件数 | Incidents still open
-- cuts: total, bank
-- direction: down
-- source: metrics.csv: median and p90 of contained - found; open incidents counted as censored. Decided where it is
--   silent: incidents found in the quarter, in calendar days from the day found. Contained ones by the last month of
--   the data; all others are open and censored there. Median and p90 of the contained alone, linear; km_: the smallest
--   number of days at which the Kaplan-Meier share still open has come down to a half, to a tenth; null if it never
--   does.
-- source_zh: 处置日减发现日的天数，取中位数和九成分位数；未结事件作删失处理。补充口径：取当季发现的事件，自发现日起按
--   自然日计。数据末月前已处置的为已结，其余为未结，在该时点删失。已结口径的分位数以线性插值；含未结口径取
--   Kaplan-Meier未结比例首次降至二分之一、十分之一的天数，始终未降至的不给出数值。
-- needs: month(month), risk_incident(institution_id, found_on, contained_on)
-- open: an incident that is open at the end of the data is censored there

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
last_day AS (
    SELECT MAX(month) AS last_day FROM month
),
incident AS (
    SELECT
        period,
        institution_id,
        COALESCE(contained_on <= last_day, FALSE) AS contained,
        CASE WHEN contained_on <= last_day THEN contained_on ELSE last_day END - found_on AS days
    FROM quarter
    JOIN risk_incident ON DATE_TRUNC('quarter', found_on) = DATE_TRUNC('quarter', period)
    CROSS JOIN last_day
),
cut_incident AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, contained, days FROM quarter LEFT JOIN incident USING (period)
    UNION ALL
    SELECT period, 'bank', CAST(institution_id AS VARCHAR), contained, days FROM incident
),
plain AS (
    SELECT
        period,
        cut,
        cut_value,
        QUANTILE_CONT(days, 0.5) FILTER (WHERE contained) AS median_days,
        QUANTILE_CONT(days, 0.9) FILTER (WHERE contained) AS p90_days,
        COUNT(*) FILTER (WHERE NOT contained) AS open_incidents
    FROM cut_incident
    GROUP BY period, cut, cut_value
),
day_count AS (
    SELECT period, cut, cut_value, days, COUNT(*) AS incidents, COUNT(*) FILTER (WHERE contained) AS contained
    FROM cut_incident
    WHERE days IS NOT NULL
    GROUP BY period, cut, cut_value, days
),
-- At risk on a day: all whose duration or censoring is not shorter.
risk_set AS (
    SELECT
        *,
        SUM(incidents) OVER (PARTITION BY period, cut, cut_value ORDER BY days DESC) AS at_risk
    FROM day_count
),
survival AS (
    SELECT
        period,
        cut,
        cut_value,
        days,
        contained,
        PRODUCT(1 - CAST(contained AS DOUBLE) / NULLIF(CAST(at_risk AS DOUBLE), 0)) OVER (
            PARTITION BY period, cut, cut_value ORDER BY days
        ) AS still_open
    FROM risk_set
),
kaplan_meier AS (
    SELECT
        period,
        cut,
        cut_value,
        MIN(days) FILTER (WHERE contained > 0 AND still_open <= 0.5 + 1e-9) AS km_median_days,
        MIN(days) FILTER (WHERE contained > 0 AND still_open <= 0.1 + 1e-9) AS km_p90_days
    FROM survival
    GROUP BY period, cut, cut_value
),
figure AS (
    SELECT * FROM plain LEFT JOIN kaplan_meier USING (period, cut, cut_value)
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (
    value FOR component IN (median_days, p90_days, km_median_days, km_p90_days, open_incidents)
)
WHERE cut = 'total' OR value IS NOT NULL
