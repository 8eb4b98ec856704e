-- id: tech_enterprise_loan_growth_gap
-- measure: 0
-- zh: 科技型企业贷款增速差
-- en: Tech-enterprise loan growth gap
-- period: month
-- component: gap | percentage point | not additive | 增速差 | Gap
-- component: yoy_tech_enterprise | % | not additive | 科技型企业贷款同比 | Growth of tech-enterprise loans
-- component: yoy_all | % | not additive | 各项贷款同比 | Growth of all loans
-- component: gap_disposals_added_back | percentage point | not additive | 增速差(还原核销与转让) | Gap with disposals added back
-- component: gap_frozen_list | percentage point | not additive | 增速差(基期名单) | Gap with the list frozen at the base
-- component: gap_published | percentage point | not additive | 增速差(报表口径) | Gap of the banks' reports
-- cuts: total, bank
-- direction: up
-- target: >0 every month to 2027-12
-- source: metrics.csv: yoy(A) - yoy(all loans), base restated to the current scope and list; also with disposals added
--   back and with the list frozen at the base. Decided where it is silent: A is the balance of notes flagged at that
--   month end, so both ends are on the 2025 definition; growth is over twelve months; write-offs and transfers of
--   those months are added to the end and not to the base, and are A's if the note was flagged at the month end
--   before; the frozen list holds the borrowers flagged anywhere in the city twelve months before, so that a listed
--   firm that owed nothing then is not in it; growth of all loans is of the banks that report at both ends, as is that
--   of gap_published, which takes the banks' own figures on one scope version, chain-linked over the earliest month in
--   which all of them report on both versions, and is refused if there is none. A bank's growth from a small base is
--   neither capped nor marked. A month without loan notes has no growth of tech loans, one without reports none of all
--   loans.
-- source_zh: 科技型企业贷款同比增速减各项贷款同比增速，基期按现行口径和名单调整；另列还原处置和固定基期名单两种口径。补
--   充口径：科技型企业贷款取当月末有标识的借据余额，两端均为2025年口径；增速为12个月同比。还原口径将12个月内的核销和转
--   让加回期末、不加回基期，借据上月末有标识的归入科技型企业。固定名单取12个月前在全市任一银行有标识的借款人，当时在名
--   单内而无余额的企业不计。各项贷款增速只取首尾两月均报送的银行，报表口径亦同；报表口径采用银行报送数在同一口径版本上
--   的增速，以上述银行全部两版并行的最早月份链接，没有此类月份的不予计算。银行基数过小的，增速不封顶、不注明。没有借据
--   的月份不计算科技型企业贷款增速，没有报送的月份不计算各项贷款增速。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, current, all_loans), bank_loan_month,
--   disposal_month, frozen_list_month, report_growth_month

WITH window_month AS (
    SELECT month, LAST_DAY(month - INTERVAL 12 MONTH) AS base_month
    FROM month
    WHERE LAST_DAY(month - INTERVAL 12 MONTH) IN (SELECT month FROM month)
),
report AS (
    SELECT month, institution_id, all_loans FROM bank_month WHERE reporting_scope = 'PBOC' AND current
),
-- A total of more banks at one end than at the other would grow or fall by them.
compared AS (
    SELECT
        window_month.month,
        now.institution_id,
        CAST(now.all_loans AS DOUBLE) AS all_loans,
        CAST(base.all_loans AS DOUBLE) AS base_loans
    FROM window_month
    JOIN report AS now ON now.month = window_month.month
    JOIN report AS base ON base.month = base_month AND base.institution_id = now.institution_id
),
all_loans AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        SUM(all_loans) AS all_loans,
        SUM(base_loans) AS base_loans
    FROM compared
    GROUP BY GROUPING SETS ((month), (month, institution_id))
),
figure AS (
    SELECT month, institution_id, balance_rmb AS tech, 0 AS new_list, 0 AS old_list
    FROM bank_loan_month
    WHERE tech_enterprise
    UNION ALL
    SELECT month, institution_id, 0, 0, 0
    FROM report
    UNION ALL
    SELECT month, institution_id, 0, new_list_rmb, old_list_rmb
    FROM frozen_list_month
),
-- A month without any note has no balances: what nobody reported is not 0.
level AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CASE WHEN month IN (SELECT month FROM bank_loan_month) THEN CAST(SUM(tech) AS DOUBLE) END AS tech,
        CASE WHEN month IN (SELECT month FROM bank_loan_month) THEN CAST(SUM(new_list) AS DOUBLE) END AS new_list,
        CASE WHEN month IN (SELECT month FROM bank_loan_month) THEN CAST(SUM(old_list) AS DOUBLE) END AS old_list
    FROM figure
    GROUP BY GROUPING SETS ((month), (month, institution_id))
),
disposal AS (
    SELECT
        window_month.month,
        CASE WHEN GROUPING(disposal_month.institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE
            WHEN GROUPING(disposal_month.institution_id) = 1 THEN 'total'
            ELSE CAST(disposal_month.institution_id AS VARCHAR)
        END AS cut_value,
        CAST(SUM(disposed_rmb) FILTER (WHERE compared.month IS NOT NULL) AS DOUBLE) AS disposed,
        CAST(SUM(tech_disposed_rmb) AS DOUBLE) AS tech_disposed
    FROM window_month
    JOIN disposal_month ON disposal_month.month > base_month AND disposal_month.month <= window_month.month
    LEFT JOIN compared
        ON compared.month = window_month.month AND compared.institution_id = disposal_month.institution_id
    GROUP BY GROUPING SETS ((window_month.month), (window_month.month, disposal_month.institution_id))
),
growth AS (
    SELECT
        now.month,
        now.cut,
        now.cut_value,
        report_growth_month.scope_version AS version_now,
        COALESCE(scope_break, FALSE) AS scope_break,
        100 * (now.tech / NULLIF(base.tech, 0) - 1) AS yoy_tech_enterprise,
        100 * (all_loans / NULLIF(base_loans, 0) - 1) AS yoy_all,
        100 * ((now.tech + COALESCE(tech_disposed, 0)) / NULLIF(base.tech, 0) - 1) AS yoy_tech_disposals,
        100 * ((all_loans + COALESCE(disposed, 0)) / NULLIF(base_loans, 0) - 1) AS yoy_all_disposals,
        100 * (now.old_list / NULLIF(base.new_list, 0) - 1) AS yoy_frozen_list,
        100 * (tech_enterprise_end / NULLIF(tech_enterprise_base, 0) - 1) AS yoy_published
    FROM window_month
    JOIN level AS now ON now.month = window_month.month
    LEFT JOIN level AS base ON base.month = base_month AND base.cut = now.cut AND base.cut_value = now.cut_value
    LEFT JOIN all_loans AS of_all
        ON of_all.month = now.month AND of_all.cut = now.cut AND of_all.cut_value = now.cut_value
    LEFT JOIN disposal ON disposal.month = now.month AND disposal.cut = now.cut AND disposal.cut_value = now.cut_value
    LEFT JOIN report_growth_month
        ON reporting_scope = 'PBOC'
        AND report_growth_month.month = now.month
        AND report_growth_month.cut = now.cut
        AND report_growth_month.cut_value = now.cut_value
),
gap AS (
    SELECT
        month,
        cut,
        cut_value,
        'gap' AS component,
        yoy_tech_enterprise - yoy_all AS value,
        '2025' AS scope_version,
        FALSE AS scope_break
    FROM growth
    UNION ALL
    SELECT month, cut, cut_value, 'yoy_tech_enterprise', yoy_tech_enterprise, '2025', FALSE
    FROM growth
    UNION ALL
    SELECT month, cut, cut_value, 'yoy_all', yoy_all, version_now, FALSE
    FROM growth
    UNION ALL
    SELECT month, cut, cut_value, 'gap_disposals_added_back', yoy_tech_disposals - yoy_all_disposals, '2025', FALSE
    FROM growth
    UNION ALL
    SELECT month, cut, cut_value, 'gap_frozen_list', yoy_frozen_list - yoy_all, '2025', FALSE
    FROM growth
    UNION ALL
    SELECT month, cut, cut_value, 'gap_published', yoy_published - yoy_all, version_now, scope_break
    FROM growth
)
SELECT
    month AS period,
    cut,
    cut_value,
    component,
    value,
    scope_version,
    CASE
        WHEN value IS NOT NULL THEN NULL
        WHEN scope_break THEN 'scope break without overlap'
        ELSE 'zero base'
    END AS reason
FROM gap
