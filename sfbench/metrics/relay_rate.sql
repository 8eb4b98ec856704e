-- id: relay_rate
-- measure: 4
-- zh: 接力融资率
-- en: Relay financing rate
-- period: year
-- component: rate | % | not additive | 接力融资率（生存曲线） | Relay rate within 60 months (survival curve)
-- component: rate_so_far | % | not additive | 已实现接力融资率 | Relay rate reached so far
-- component: rate_equity_first | % | not additive | 股权起步企业接力融资率 | Relay rate of firms that began with equity
-- component: passed | count | additive | 已接力企业数 | Firms that passed three stages
-- component: cohort | count | additive | 队列企业数 | Firms of the cohort
-- cuts: total
-- direction: up
-- source: metrics.csv: firms passing >= 3 of 5 stages within 60 months of the first / cohort at least 60 months old;
--   younger cohorts by survival curve. Decided where it is silent: firms of the city that ever held an in-scope tag. A
--   stage is reached on its first day: angel (seed, angel), venture (series A, B), pe (growth, pre-IPO, buyout) by new
--   equity deals, loan by the first credit, market by the first bond or the first step of listing that raised money:
--   an issue on an exchange, or a private round on the specialised board. The cohort is the year of the first stage,
--   from 2016 on; any three stages in any order count. rate is one less the Kaplan-Meier curve at its end, in days to
--   the third stage: without censored firms, so in a cohort of 60 months, the plain share.
-- source_zh: 自首个阶段起60个月内经历5个阶段中至少3个的企业数占满60个月的队列企业数的比例；较新队列按生存曲线估计。补
--   充口径：取曾持有口径内标签的本市企业。阶段按首日到达：天使（种子轮、天使轮）、创投（A轮、B轮）、私募股权（成长、
--   上市前、收购）以新增股权投资为准，贷款以首次授信为准，市场以首次发债或首次募得资金的上市步骤为准，包括交易所发行和
--   专板私募融资。队列为首个阶段所在年份，自2016年起；任意3个阶段均可，不限次序。接力融资率为1减Kaplan-Meier曲线末端
--   值，以到达第三个阶段的天数计；无删失时，即满60个月的队列，等于简单比例。
-- needs: relay_cohort, relay_stage, month(month)
-- open: stages of later years belong to the cohort

WITH firm AS (
    SELECT
        LAST_DAY(DATE_TRUNC('year', began_on) + INTERVAL 11 MONTH) AS cohort,
        began_on,
        began_on + INTERVAL 60 MONTH AS window_end,
        BOOL_OR(place = 1 AND stage IN ('angel', 'venture', 'pe')) AS equity_first,
        MIN(reached_on) FILTER (WHERE place = 3 AND reached_on <= began_on + INTERVAL 60 MONTH) AS passed_on
    FROM relay_stage
    GROUP BY enterprise_id, began_on
),
spell AS (
    SELECT
        cohort,
        equity_first,
        passed_on IS NOT NULL AS passed,
        -- no days: at risk to the end of the curve
        CASE
            WHEN passed_on IS NOT NULL THEN passed_on - began_on
            WHEN window_end > last_month THEN last_month - began_on
        END AS days
    FROM firm
    CROSS JOIN (SELECT MAX(month) AS last_month FROM month) AS present
),
curve_spell AS (
    SELECT 'rate' AS curve, cohort, passed, days FROM spell
    UNION ALL
    SELECT 'rate_equity_first', cohort, passed, days FROM spell WHERE equity_first
),
curve_day AS (
    SELECT
        curve,
        cohort,
        COUNT(*) FILTER (WHERE passed) AS passes,
        SUM(COUNT(*)) OVER (PARTITION BY curve, cohort ORDER BY days DESC NULLS FIRST) AS at_risk
    FROM curve_spell
    GROUP BY curve, cohort, days
),
curve AS (
    SELECT
        curve,
        cohort,
        100 * (1 - PRODUCT(1 - CAST(passes AS DOUBLE) / NULLIF(CAST(at_risk AS DOUBLE), 0))) AS rate
    FROM curve_day
    GROUP BY curve, cohort
),
firms AS (
    SELECT cohort, COUNT(passed) AS cohort_firms, COUNT(*) FILTER (WHERE passed) AS passed
    FROM relay_cohort
    LEFT JOIN spell USING (cohort)
    GROUP BY cohort
),
figure AS (
    SELECT
        relay_cohort.cohort AS period,
        complete,
        every.rate,
        100.0 * CAST(passed AS DOUBLE) / NULLIF(CAST(cohort_firms AS DOUBLE), 0) AS rate_so_far,
        equity.rate AS rate_equity_first,
        passed,
        cohort_firms AS cohort
    FROM relay_cohort
    JOIN firms USING (cohort)
    LEFT JOIN curve AS every ON every.cohort = relay_cohort.cohort AND every.curve = 'rate'
    LEFT JOIN curve AS equity ON equity.cohort = relay_cohort.cohort AND equity.curve = 'rate_equity_first'
)
SELECT
    period,
    'total' AS cut,
    'total' AS cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE
        WHEN value IS NULL THEN 'zero base'
        WHEN NOT complete AND component IN ('rate', 'rate_equity_first')
            THEN 'estimated: cohort younger than 60 months'
    END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_so_far, rate_equity_first, passed, cohort))
