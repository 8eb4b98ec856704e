-- id: alert_precision_recall
-- measure: 19
-- zh: 预警查准查全
-- en: Precision and recall of risk alerts
-- period: year
-- component: precision | % | not additive | 查准率 | Alerts followed by default within 12 months
-- component: recall | % | not additive | 查全率 | Defaults preceded by an alert
-- component: recall_ahead | % | not additive | 提前预警查全率 | Defaults preceded by an alert of an earlier month
-- component: lead_months | month | not additive | 预警提前期中位数 | Median lead time
-- component: alerts | count | additive | 预警数 | Alerts judged
-- component: defaults | count | additive | 违约户数 | Defaults
-- component: defaults_warned | count | additive | 有预警的违约户数 | Defaults preceded by an alert
-- cuts: total, bank, rule
-- direction: up
-- source: metrics.csv: alerts followed by default in 12 months / alerts; defaults preceded by an alert / defaults; lead
--   time. Decided where it is silent: a default is the first month end of a borrower as non-performing at a bank (any
--   note graded substandard or worse, none at the month end before). An alert and a default belong together on one
--   borrower and bank if the default comes 0 to 12 calendar months after; alerts raised while the pair was
--   non-performing are not judged. precision and alerts are reported once the next year is over. recall is over the
--   year's defaults, by any alert, judged or not; lead_months is the median since the earliest. Under rule only its
--   alerts count and the defaults are all of the city. The first month of the data shows no default,
--   as it has no month end before it, and the first year may lack alerts of the year before.
-- source_zh: 12个月内发生违约的预警占预警数的比例；有预警在先的违约占违约数的比例；提前期。补充口径：违约指借款人在某
--   银行首次于月末成为不良（任一借据为次级及以下，上月末无）。同一借款人、同一银行的违约在预警当月至其后12个自然月内
--   发生的，两者相对应；已为不良时发出的预警不予判断。查准率和预警数在次年结束后公布。查全率以当年违约为分母，任何预
--   警均可，不论是否已判断；提前期为距最早预警的月数中位数。按规则分组时只计该规则的预警，违约仍取全市。数据首
--   月没有上月末，不计违约；首年可能缺少上年预警。
-- needs: month(month), risk_alert(alert_id, enterprise_id, institution_id, rule, raised_on), impaired_note_month

WITH year AS (
    SELECT month AS period, LAST_DAY(month + INTERVAL 12 MONTH) IN (SELECT month FROM month) AS ripe
    FROM month
    WHERE MONTH(month) = 12
),
watched_month AS (
    SELECT
        month,
        period,
        YEAR(month) * 12 + MONTH(month) AS month_no,
        LAST_DAY(month - INTERVAL 1 MONTH) AS month_before
    FROM month
    JOIN year ON YEAR(period) = YEAR(month)
    WHERE LAST_DAY(month - INTERVAL 1 MONTH) IN (SELECT month FROM month)
),
npl_pair AS (
    SELECT DISTINCT month, enterprise_id, institution_id FROM impaired_note_month WHERE npl
),
default_event AS (
    SELECT period, month_no, now.enterprise_id, now.institution_id
    FROM npl_pair AS now
    JOIN watched_month ON watched_month.month = now.month
    LEFT JOIN npl_pair AS before
        ON before.enterprise_id = now.enterprise_id
        AND before.institution_id = now.institution_id
        AND before.month = month_before
    WHERE before.month IS NULL
),
alert AS (
    SELECT
        alert_id,
        enterprise_id,
        institution_id,
        rule,
        raised_on,
        YEAR(raised_on) * 12 + MONTH(raised_on) AS month_no,
        LAST_DAY(raised_on - INTERVAL 1 MONTH) AS month_before
    FROM risk_alert
),
pair AS (
    SELECT
        alert_id,
        rule,
        default_event.month_no,
        default_event.enterprise_id,
        default_event.institution_id,
        default_event.month_no - alert.month_no AS lead
    FROM alert
    JOIN default_event USING (enterprise_id, institution_id)
    WHERE default_event.month_no - alert.month_no BETWEEN 0 AND 12
),
judged_alert AS (
    SELECT period, rule, alert.institution_id, alert_id IN (SELECT alert_id FROM pair) AS followed
    FROM alert
    JOIN year ON YEAR(period) = YEAR(raised_on)
    LEFT JOIN npl_pair AS before
        ON before.enterprise_id = alert.enterprise_id
        AND before.institution_id = alert.institution_id
        AND before.month = month_before
    WHERE before.month IS NULL
),
warned_default AS (
    SELECT period, institution_id, MAX(lead) AS lead
    FROM default_event
    LEFT JOIN pair USING (month_no, enterprise_id, institution_id)
    GROUP BY period, month_no, enterprise_id, institution_id
),
rule_warning AS (
    SELECT period, rule, MAX(lead) AS lead
    FROM default_event
    JOIN pair USING (month_no, enterprise_id, institution_id)
    GROUP BY period, rule, month_no, enterprise_id, institution_id
),
default_count AS (
    SELECT
        period,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        COUNT(*) AS defaults,
        COUNT(lead) AS warned,
        COUNT(*) FILTER (WHERE lead >= 1) AS warned_ahead,
        MEDIAN(lead) AS lead_months
    FROM warned_default
    GROUP BY GROUPING SETS ((period), (period, institution_id))
    UNION ALL
    SELECT period, 'rule', rule, 0, COUNT(*), COUNT(*) FILTER (WHERE lead >= 1), MEDIAN(lead)
    FROM rule_warning
    GROUP BY period, rule
),
cut_alert AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value, followed FROM judged_alert
    UNION ALL
    SELECT period, 'bank', CAST(institution_id AS VARCHAR), followed FROM judged_alert
    UNION ALL
    SELECT period, 'rule', rule, followed FROM judged_alert
),
alert_count AS (
    SELECT period, cut, cut_value, COUNT(*) AS alerts, COUNT(*) FILTER (WHERE followed) AS followed
    FROM cut_alert
    GROUP BY period, cut, cut_value
),
reported AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value FROM year
    UNION
    SELECT period, cut, cut_value FROM default_count
    UNION
    SELECT period, cut, cut_value FROM alert_count
),
city_default AS (
    SELECT period, defaults AS city_defaults FROM default_count WHERE cut = 'total'
),
counts AS (
    SELECT
        period,
        ripe,
        cut,
        cut_value,
        COALESCE(alerts, 0) AS alerts,
        followed,
        COALESCE(CASE WHEN cut = 'rule' THEN city_defaults ELSE defaults END, 0) AS defaults,
        COALESCE(warned, 0) AS defaults_warned,
        COALESCE(warned_ahead, 0) AS warned_ahead,
        lead_months
    FROM reported
    JOIN year USING (period)
    LEFT JOIN city_default USING (period)
    LEFT JOIN default_count USING (period, cut, cut_value)
    LEFT JOIN alert_count USING (period, cut, cut_value)
),
figure AS (
    SELECT
        *,
        100.0 * CAST(followed AS DOUBLE) / NULLIF(CAST(alerts AS DOUBLE), 0) AS precision,
        100.0 * CAST(defaults_warned AS DOUBLE) / NULLIF(CAST(defaults AS DOUBLE), 0) AS recall,
        100.0 * CAST(warned_ahead AS DOUBLE) / NULLIF(CAST(defaults AS DOUBLE), 0) AS recall_ahead
    FROM counts
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
    value FOR component IN (precision, recall, recall_ahead, lead_months, alerts, defaults, defaults_warned)
)
WHERE (ripe OR component NOT IN ('precision', 'alerts')) AND (cut = 'total' OR value IS NOT NULL)
