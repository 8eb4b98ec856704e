-- id: firm_profile_quarter
-- grain: quarter end x founding month
-- caption: Firms of the city that exist, and those of them with a credit profile (a query of three sources or more),
--   with one of the last twelve months, that are tech enterprises, and that are both.
-- needs: month(month), enterprise(enterprise_id, in_city, founded_on, dissolved_on), credit_report(enterprise_id,
--   queried_on, sources), tech_firm_span

-- Every state of a firm is a span from a first day to the day on which it is over. Spans are counted by the first days
-- of the quarters of both before they meet the quarter ends.
WITH firm AS (
    SELECT enterprise_id, LAST_DAY(founded_on) AS founded_month, founded_on, dissolved_on FROM enterprise WHERE in_city
),
profile_quarter AS (
    SELECT
        enterprise_id,
        CAST(DATE_TRUNC('quarter', queried_on) AS DATE) AS quarter,
        MIN(queried_on) AS queried_on
    FROM credit_report
    WHERE sources >= 3
    GROUP BY ALL
),
first_profile AS (
    SELECT enterprise_id, MIN(queried_on) AS queried_on FROM profile_quarter GROUP BY enterprise_id
),
-- a profile is recent at four quarter ends, unless a newer one takes its place
recent_profile AS (
    SELECT
        enterprise_id,
        quarter AS first_day,
        LEAST(
            CAST(quarter + INTERVAL 12 MONTH AS DATE),
            LEAD(quarter) OVER (PARTITION BY enterprise_id ORDER BY quarter)
        ) AS over_on
    FROM profile_quarter
),
span AS (
    SELECT 'exists' AS state, founded_month, founded_on AS first_day, dissolved_on AS over_on FROM firm
    UNION ALL
    SELECT 'profiled', founded_month, GREATEST(founded_on, queried_on), dissolved_on
    FROM firm
    JOIN first_profile ON first_profile.enterprise_id = firm.enterprise_id
    UNION ALL
    SELECT
        'recent',
        founded_month,
        GREATEST(founded_on, first_day),
        CASE WHEN dissolved_on < over_on THEN dissolved_on ELSE over_on END
    FROM firm
    JOIN recent_profile ON recent_profile.enterprise_id = firm.enterprise_id
    UNION ALL
    SELECT 'tech', founded_month, first_day, CAST(last_day + INTERVAL 1 DAY AS DATE)
    FROM firm
    JOIN tech_firm_span ON tech_firm_span.enterprise_id = firm.enterprise_id
    UNION ALL
    SELECT
        'tech_profiled',
        founded_month,
        GREATEST(first_day, queried_on),
        CAST(last_day + INTERVAL 1 DAY AS DATE)
    FROM firm
    JOIN tech_firm_span ON tech_firm_span.enterprise_id = firm.enterprise_id
    JOIN first_profile ON first_profile.enterprise_id = firm.enterprise_id
    WHERE queried_on <= last_day
),
counted_span AS (
    SELECT
        state,
        founded_month,
        CAST(DATE_TRUNC('quarter', first_day) AS DATE) AS first_quarter,
        CAST(DATE_TRUNC('quarter', over_on) AS DATE) AS over_quarter,
        COUNT(*) AS firms
    FROM span
    GROUP BY ALL
)
SELECT
    month AS quarter,
    founded_month,
    SUM(CASE WHEN state = 'exists' THEN firms ELSE 0 END) AS firms,
    SUM(CASE WHEN state = 'profiled' THEN firms ELSE 0 END) AS profiled,
    SUM(CASE WHEN state = 'recent' THEN firms ELSE 0 END) AS recently_profiled,
    SUM(CASE WHEN state = 'tech' THEN firms ELSE 0 END) AS tech_firms,
    SUM(CASE WHEN state = 'tech_profiled' THEN firms ELSE 0 END) AS tech_profiled
FROM month
JOIN counted_span ON first_quarter <= month AND (over_quarter IS NULL OR over_quarter > month)
WHERE MONTH(month) IN (3, 6, 9, 12)
GROUP BY month, founded_month
