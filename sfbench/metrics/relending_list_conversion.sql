-- id: relending_list_conversion
-- measure: 1
-- zh: 备选清单企业签约率
-- en: Conversion of the relending list
-- period: quarter
-- component: rate | % | not additive | 签约率 | Signed of all ever pushed
-- component: rate_current | % | not additive | 签约率(在册清单) | Signed of those still on the list
-- component: supported_rate | % | not additive | 获再贷款支持率 | With a note on the ledger of all ever pushed
-- component: signed | count | additive | 已签约主体数 | Subjects that signed
-- component: listed | count | additive | 清单主体数 | Subjects ever pushed
-- cuts: total, batch, kind
-- direction: up
-- source: metrics.csv: listed firms and projects with a signed loan / listed. Decided where it is silent: the unit is
--   the distinct firm or project; who is reserved or screened and not pushed is not listed. An entry is signed on the
--   first approval of a request of its enterprise by a bank of the programme, on or after the push and before the
--   removal; no table ties a request to a project, so a project signs when its enterprise does. It is supported on
--   the first grant of a ledger note of its enterprise and kind, in the same time. A subject has reached a state if
--   any of its entries in the row has; removed entries stay in all rates but rate_current, which leaves them out on
--   both sides.
-- source_zh: 已签约的清单企业和项目数占清单企业和项目数的比例。补充口径：以企业或项目去重计；仅储备或筛选而未推送的不
--   算在册。企业在推送后、移出前的申请首次获政策项下银行批准，即为签约；各表未载申请对应的项目，故项目以所属企业签约
--   为准。同类台账借据在同一时段内首次发放，即为获得再贷款支持。主体在该行任一条目到达某环节即算到达；移出条目保留在
--   各比例中，仅在册清单口径的分子分母均予剔除。
-- needs: month(month), institution(institution_id, relending_eligible), policy_list_entry, policy_list_step,
--   relending_note

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
signing AS (
    SELECT entry_id, MIN(approved_while_listed_on) AS signed_on
    FROM policy_list_step
    JOIN institution ON institution.institution_id = policy_list_step.institution_id
    WHERE relending_eligible
    GROUP BY entry_id
),
support AS (
    SELECT entry_id, MIN(granted_on) AS supported_on
    FROM policy_list_entry AS entry
    JOIN relending_note AS note ON note.enterprise_id = entry.enterprise_id AND note.subject = entry.subject
    WHERE pushed_on <= granted_on AND (removed_on IS NULL OR granted_on < removed_on)
    GROUP BY entry_id
),
entry_quarter AS (
    SELECT
        quarter,
        batch,
        subject,
        subject_id,
        removed_on IS NULL OR removed_on > quarter AS current,
        COALESCE(signed_on <= quarter, FALSE) AS signed,
        COALESCE(supported_on <= quarter, FALSE) AS supported
    FROM policy_list_entry
    JOIN quarter ON pushed_on <= quarter
    LEFT JOIN signing USING (entry_id)
    LEFT JOIN support USING (entry_id)
    WHERE list = 'relending'
),
subject_quarter AS (
    SELECT
        quarter,
        subject,
        BOOL_OR(current) AS current,
        BOOL_OR(signed) AS signed,
        BOOL_OR(signed AND current) AS current_signed,
        BOOL_OR(supported) AS supported
    FROM entry_quarter
    GROUP BY quarter, subject, subject_id
),
batch_subject AS (
    SELECT
        quarter,
        batch,
        BOOL_OR(current) AS current,
        BOOL_OR(signed) AS signed,
        BOOL_OR(signed AND current) AS current_signed,
        BOOL_OR(supported) AS supported
    FROM entry_quarter
    GROUP BY quarter, batch, subject, subject_id
),
cut_subject AS (
    SELECT quarter, 'total' AS cut, 'total' AS cut_value, current, signed, current_signed, supported
    FROM subject_quarter
    UNION ALL
    SELECT quarter, 'batch', CAST(batch AS VARCHAR), current, signed, current_signed, supported
    FROM batch_subject
    WHERE batch IS NOT NULL
    UNION ALL
    SELECT quarter, 'kind', subject, current, signed, current_signed, supported
    FROM subject_quarter
    UNION ALL
    -- the total has a row for every quarter, also before the first push
    SELECT quarter, 'total', 'total', NULL, NULL, NULL, NULL
    FROM quarter
),
level AS (
    SELECT
        quarter,
        cut,
        cut_value,
        -- a project without its number is a subject, too
        COUNT(current) AS listed,
        COUNT(*) FILTER (WHERE current) AS current,
        COUNT(*) FILTER (WHERE signed) AS signed,
        COUNT(*) FILTER (WHERE current_signed) AS current_signed,
        COUNT(*) FILTER (WHERE supported) AS supported
    FROM cut_subject
    GROUP BY quarter, cut, cut_value
),
rate AS (
    SELECT quarter, cut, cut_value, 'rate' AS component, signed AS part, listed AS whole FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'rate_current', current_signed, current FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'supported_rate', supported, listed FROM level
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
    SELECT quarter, cut, cut_value, 'signed', signed FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'listed', listed FROM level
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
