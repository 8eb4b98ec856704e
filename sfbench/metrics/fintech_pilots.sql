-- id: fintech_pilots
-- measure: 13
-- zh: 金融科技创新试点
-- en: Fintech pilots
-- period: year
-- component: admitted | count | not additive | 当年准入 | Admitted in the year
-- component: live | count | not additive | 年末运行 | Live at the year's end
-- component: exited | count | not additive | 当年退出 | Out of the pilot in the year
-- component: used_in_tech_finance | count | not additive | 已用于科技金融 | Used in tech finance at the year's end
-- component: admitted_to_date | count | not additive | 累计准入 | Admitted to date
-- cuts: total, technology
-- direction: up
-- source: metrics.csv: admitted; live; exited; used in tech finance. Decided where it is silent: live at the year's
--   end is live by then and not yet out; exits are of either kind; use in tech finance ends with a withdrawal, not
--   with a take-over. Every technology with a pilot admitted by then has a row of every component.
-- source_zh: 试点的准入、运行、退出和用于科技金融的数量。补充口径：年末运行指截至年末已运行且未退出；退出含两种方式；
--   用于科技金融的，中止后不再计，转为常态化运行的继续计。截至当时有准入试点的每种技术均列出各分项。
-- needs: month(month), fintech_pilot(technology, admitted_on, live_on, tech_finance_on, exited_on, exit_kind)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
pilot AS (
    SELECT
        period,
        technology,
        YEAR(admitted_on) = YEAR(period) AS admitted,
        live_on <= period AND (exited_on IS NULL OR exited_on > period) AS live,
        YEAR(exited_on) = YEAR(period) AS exited,
        tech_finance_on <= period
        AND NOT COALESCE(exit_kind = 'withdrawn' AND exited_on <= period, FALSE) AS used_in_tech_finance
    FROM year
    JOIN fintech_pilot ON admitted_on <= period
),
figure AS (
    SELECT
        period,
        CASE WHEN GROUPING(technology) = 1 THEN 'total' ELSE 'technology' END AS cut,
        COALESCE(technology, 'total') AS cut_value,
        COUNT(*) FILTER (WHERE admitted) AS admitted,
        COUNT(*) FILTER (WHERE live) AS live,
        COUNT(*) FILTER (WHERE exited) AS exited,
        COUNT(*) FILTER (WHERE used_in_tech_finance) AS used_in_tech_finance,
        COUNT(technology) AS admitted_to_date
    FROM year
    LEFT JOIN pilot USING (period)
    GROUP BY GROUPING SETS ((period), (period, technology))
    HAVING cut = 'total' OR technology IS NOT NULL
)
SELECT period, cut, cut_value, component, CAST(value AS DOUBLE) AS value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (admitted, live, exited, used_in_tech_finance, admitted_to_date))
