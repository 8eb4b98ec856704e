-- id: list_drawn_rate
-- measure: 2
-- zh: 用信率
-- en: Drawdown rate
-- period: quarter
-- component: rate | % | not additive | 用信率 | Drawn of those on the lists
-- component: rate_of_approved | % | not additive | 已授信主体用信率 | Drawn of those approved
-- component: rate_ever | % | not additive | 用信率(历次推送) | Drawn of all ever pushed
-- component: drawn | count | additive | 已用信主体数 | Subjects that drew
-- component: listed | count | additive | 在册主体数 | Subjects on the lists
-- cuts: total, list, cluster, bank_type
-- direction: up
-- source: metrics.csv: distinct listed subjects that drew at any bank / distinct listed; and / approved. Decided
--   where it is silent: the lists are tech_firm and key_project; listed is who is pushed and not removed by the
--   quarter's end, each firm or project once. Drawn is the first drawdown of a request. Requests belong to an entry
--   if they begin on or after its push and before its removal; a project is reached through its enterprise. rate_ever
--   takes all that were ever pushed; bank_type takes the steps at banks of the type, over all listed subjects;
--   cluster is the enterprise's, in the list of 2024 (without one, in no row).
-- source_zh: 在任一银行已用信的清单主体数占清单主体数、占已授信主体数的比例，均去重。补充口径：清单为科技企业清单和重
--   点项目清单；在册指季末已推送且未移出，每家企业或每个项目只计一次。用信指申请项下首次放款。申请在推送后、移出前开
--   始的归入该条目；项目以所属企业为准。历次推送口径取曾经推送的全部主体；按银行类型分组时取该类银行的环节，分母为全
--   部在册主体；集群取企业所属集群（2024年目录，无集群的不进入分组）。
-- needs: policy_list_quarter

WITH rate AS (
    SELECT quarter, cut, cut_value, 'rate' AS component, drawn AS part, listed AS whole
    FROM policy_list_quarter
    UNION ALL
    SELECT quarter, cut, cut_value, 'rate_of_approved', drawn, approved
    FROM policy_list_quarter
    UNION ALL
    SELECT quarter, cut, cut_value, 'rate_ever', ever_drawn, ever_pushed
    FROM policy_list_quarter
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        component,
        100.0 * CAST(part AS DOUBLE) / NULLIF(CAST(whole AS DOUBLE), 0) AS value
    FROM rate
    UNION ALL
    SELECT quarter, cut, cut_value, 'drawn', drawn FROM policy_list_quarter
    UNION ALL
    SELECT quarter, cut, cut_value, 'listed', listed FROM policy_list_quarter
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
