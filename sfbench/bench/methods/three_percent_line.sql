-- zh: 紧贴3%线
-- en: Just above three percent
-- task: gaming_detection
-- question: stretched_ratio
-- source: checks by the best-known floor only
-- source_zh: 只核对最知名的门槛
-- naive: yes

WITH report AS (
    SELECT enterprise_id, 100 * CAST(rd_spend AS DOUBLE) / CAST(revenue AS DOUBLE) AS ratio
    FROM enterprise_year
    WHERE period_end = CAST($last AS DATE) AND revenue > 0
)

SELECT
    enterprise_id,
    CASE WHEN ratio >= 3 THEN -(ratio - 3) ELSE -100 END AS score,
    ratio >= 3 AND ratio < 3.25 AS flagged
FROM report
