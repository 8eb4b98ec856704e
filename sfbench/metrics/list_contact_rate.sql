-- id: list_contact_rate
-- measure: 2
-- zh: 对接率
-- en: Contact rate of listed firms and projects
-- period: quarter
-- component: rate | % | not additive | 对接率 | Contacted of those on the lists
-- component: rate_ever | % | not additive | 对接率(历次推送) | Contacted of all ever pushed
-- component: contacted | count | additive | 已对接主体数 | Subjects contacted
-- component: listed | count | additive | 在册主体数 | Subjects on the lists
-- cuts: total, list, cluster, bank_type
-- direction: up
-- source: metrics.csv: distinct listed subjects contacted by any bank / distinct listed. Decided where it is silent:
--   the lists are tech_firm and key_project; listed is who is pushed and not removed by the quarter's end, each firm
--   or project once. Contacted is the day on which a request begins: that of the contact, or of the application if
--   the firm came unasked. Requests belong to an entry if they begin on or after its push and before its removal; a
--   project is reached through its enterprise. rate_ever takes all that were ever pushed; bank_type takes the steps
--   at banks of the type, over all listed subjects; cluster is the enterprise's, in the list of 2024 (without one, in
--   no row).
-- source_zh: 任一银行已对接的清单主体数占清单主体数的比例，均去重。补充口径：清单为科技企业清单和重点项目清单；在册指
--   季末已推送且未移出，每家企业或每个项目只计一次。对接日为申请的起始日，即银行联系日；企业主动申请的，为申请日。申
--   请在推送后、移出前开始的归入该条目；项目以所属企业为准。历次推送口径取曾经推送的全部主体；按银行类型分组时取该类
--   银行的环节，分母为全部在册主体；集群取企业所属集群（2024年目录，无集群的不进入分组）。
-- needs: policy_list_quarter

WITH rate AS (
    SELECT quarter, cut, cut_value, 'rate' AS component, contacted AS part, listed AS whole
    FROM policy_list_quarter
    UNION ALL
    SELECT quarter, cut, cut_value, 'rate_ever', ever_contacted, ever_pushed
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
    SELECT quarter, cut, cut_value, 'contacted', contacted FROM policy_list_quarter
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
