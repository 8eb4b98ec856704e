-- id: incident_report_timeliness
-- measure: 19
-- zh: 重大事项报告及时率
-- en: Timeliness of incident reports
-- period: quarter
-- component: on_time_rate | % | not additive | 报告及时率 | Reported within the limit
-- component: incidents | count | not additive | 风险事件数 | Incidents
-- component: late | count | not additive | 逾期报告数 | Reported late
-- cuts: total, bank
-- direction: up
-- target: >=100
-- source: metrics.csv: incidents reported within the limit / incidents. Decided where it is silent: incidents found in
--   the quarter, of all kinds and levels; in time if reported within the limit in calendar days, the last day included.
--   What nobody reported is not in the table, so the rate says nothing about it. Most kinds come once per bank whatever
--   the scale: not additive.
-- source_zh: 在时限内报告的事件占事件总数的比例。补充口径：取当季发现的各类各级事件；在时限（自然日，含末日）内报告的
--   为及时。未报告的事件不在表内，故该比例对此无从说明。多数类别每家银行各出现一次，不随规模变动，不可加总。
-- needs: month(month), risk_incident(incident_id, institution_id, found_on, report_limit_days, reported_on)

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
incident AS (
    SELECT period, incident_id, institution_id, reported_on - found_on > report_limit_days AS late
    FROM quarter
    JOIN risk_incident ON DATE_TRUNC('quarter', found_on) = DATE_TRUNC('quarter', period)
),
incident_count AS (
    SELECT
        period,
        'total' AS cut,
        'total' AS cut_value,
        COUNT(incident_id) AS incidents,
        COUNT(*) FILTER (WHERE late) AS late
    FROM quarter
    LEFT JOIN incident USING (period)
    GROUP BY period
    UNION ALL
    SELECT period, 'bank', CAST(institution_id AS VARCHAR), COUNT(*), COUNT(*) FILTER (WHERE late)
    FROM incident
    GROUP BY period, institution_id
),
figure AS (
    SELECT
        *,
        100.0 * CAST(incidents - late AS DOUBLE) / NULLIF(CAST(incidents AS DOUBLE), 0) AS on_time_rate
    FROM incident_count
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
UNPIVOT INCLUDE NULLS (value FOR component IN (on_time_rate, incidents, late))
