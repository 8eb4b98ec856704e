-- id: notes_granted_between
-- zh: 一段时间内发放的借据
-- en: Loan notes granted between two days (a window)
-- table: loan
-- parameter: first_day | DATE, last_day | DATE

SELECT * FROM loan WHERE granted_on BETWEEN $first_day AND $last_day;

-- Windows end with the last grant. Each begins with the latest day from which on it has at least that share of notes.
WITH granted AS (
    SELECT granted_on, COUNT(*) AS notes FROM loan WHERE granted_on IS NOT NULL GROUP BY granted_on
),
since AS (
    SELECT
        granted_on,
        SUM(notes) OVER (ORDER BY granted_on DESC) AS rows_selected,
        MAX(granted_on) OVER () AS last_day,
        SUM(notes) OVER () AS whole
    FROM granted
),
share AS (
    SELECT UNNEST(['0.1 %', '1 %', '10 %', '50 %']) AS level, UNNEST([0.001, 0.01, 0.1, 0.5]) AS share
)
SELECT level, MAX(granted_on) AS first_day, last_day, CAST(MIN(rows_selected) AS BIGINT) AS rows_selected
FROM since
JOIN share ON rows_selected >= share * whole
GROUP BY level, last_day;
