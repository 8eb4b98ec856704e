-- id: eco_science_finance
-- measure: 12
-- zh: 生态科技平台融资
-- en: Finance for ecological science platforms
-- period: quarter
-- component: finance | CNY 100m | additive | 新增融资 | New finance of the quarter
-- component: loans_granted | CNY 100m | additive | 其中新发放贷款 | Of it loans granted
-- component: equity | CNY 100m | additive | 其中股权投资 | Of it equity
-- component: loan_balance | CNY 100m | additive | 期末贷款余额 | Loan balance at the end of the quarter
-- component: platforms | count | additive | 平台数 | Platforms
-- component: platforms_financed | count | additive | 当季获得融资的平台数 | Platforms financed in the quarter
-- cuts: total, topic
-- direction: up
-- source: metrics.csv: loans and equity to facilities laboratories and centres by topic. Decided where it is silent:
--   no table ties a loan or a deal to an institute, so this is the finance of the enterprises that sponsor them, an
--   upper bound. Platforms are major facilities, key laboratories and engineering centres with an ecological topic,
--   from the day they are founded. New finance comes on or after that day: notes granted, and deals closed that are
--   equity and not secondary. A sponsor of several platforms counts once in the total and once under each topic;
--   platforms count with or without a sponsor.
-- source_zh: 对生态领域重大设施、实验室和工程中心的贷款与股权融资，按方向列示。补充口径：各表未载贷款或投资与平台的对
--   应关系，故取依托企业的融资，为上限。平台指生态方向的重大科技设施、重点实验室和工程研究中心，自成立日起计入。新增
--   融资为当日及以后发放的借据和完成的股权投资（不含老股）。依托多个平台的企业在合计中只计一次，在各方向中各计一次；
--   平台数不论有无依托企业。
-- needs: month(month), institute(institute_id, kind, eco_topic, sponsor_id, founded_on), deal(enterprise_id,
--   closed_on, instrument, amount, secondary), sponsor_note, followed_note_quarter

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
platform AS (
    SELECT period, institute_id, eco_topic, sponsor_id, founded_on
    FROM quarter
    JOIN institute ON founded_on <= period
    WHERE eco_topic IS NOT NULL AND kind IN ('major_facility', 'key_laboratory', 'engineering_centre')
),
-- Loans and equity that a sponsor got in the quarter, day by day.
new_finance AS (
    SELECT period, enterprise_id AS sponsor_id, granted_on AS day, amount_rmb AS loan, 0 AS equity
    FROM quarter
    JOIN sponsor_note ON DATE_TRUNC('quarter', granted_on) = DATE_TRUNC('quarter', period)
    UNION ALL
    SELECT period, enterprise_id, closed_on, 0, amount
    FROM quarter
    JOIN deal ON DATE_TRUNC('quarter', closed_on) = DATE_TRUNC('quarter', period)
    WHERE instrument IN ('common', 'preferred', 'convertible') AND NOT secondary
),
platform_under_cut AS (
    SELECT *, 'total' AS cut, 'total' AS cut_value FROM platform
    UNION ALL
    SELECT *, 'topic', eco_topic FROM platform
),
platform_count AS (
    SELECT
        period,
        cut,
        cut_value,
        COUNT(DISTINCT institute_id) AS platforms,
        COUNT(DISTINCT institute_id) FILTER (WHERE day >= founded_on) AS platforms_financed
    FROM platform_under_cut
    LEFT JOIN new_finance USING (period, sponsor_id)
    GROUP BY period, cut, cut_value
),
sponsor AS (
    SELECT period, cut, cut_value, sponsor_id, MIN(founded_on) AS founded_on
    FROM platform_under_cut
    WHERE sponsor_id IS NOT NULL
    GROUP BY period, cut, cut_value, sponsor_id
),
sponsor_finance AS (
    SELECT period, cut, cut_value, SUM(loan) AS loan, SUM(equity) AS equity
    FROM sponsor
    JOIN new_finance USING (period, sponsor_id)
    WHERE day >= founded_on
    GROUP BY period, cut, cut_value
),
sponsor_balance AS (
    SELECT period, cut, cut_value, SUM(balance_rmb) AS balance_rmb
    FROM sponsor
    JOIN sponsor_note ON enterprise_id = sponsor_id
    JOIN followed_note_quarter AS note ON note.loan_id = sponsor_note.loan_id AND quarter = period
    GROUP BY period, cut, cut_value
),
quarter_under_cut AS (
    SELECT period, 'total' AS cut, 'total' AS cut_value FROM quarter
    UNION
    SELECT period, cut, cut_value FROM platform_count
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(COALESCE(loan + equity, 0) AS DOUBLE) / 1e8 AS finance,
        CAST(COALESCE(loan, 0) AS DOUBLE) / 1e8 AS loans_granted,
        CAST(COALESCE(equity, 0) AS DOUBLE) / 1e8 AS equity,
        CAST(COALESCE(balance_rmb, 0) AS DOUBLE) / 1e8 AS loan_balance,
        CAST(COALESCE(platforms, 0) AS DOUBLE) AS platforms,
        CAST(COALESCE(platforms_financed, 0) AS DOUBLE) AS platforms_financed
    FROM quarter_under_cut
    LEFT JOIN platform_count USING (period, cut, cut_value)
    LEFT JOIN sponsor_finance USING (period, cut, cut_value)
    LEFT JOIN sponsor_balance USING (period, cut, cut_value)
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (
    value FOR component IN (finance, loans_granted, equity, loan_balance, platforms, platforms_financed)
)
