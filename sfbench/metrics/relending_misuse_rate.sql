-- id: relending_misuse_rate
-- measure: 1
-- zh: 政策资金违规率
-- en: Share of relending loans breaking an eligibility rule
-- period: quarter
-- component: rate | % | not additive | 违规笔数占比 | Share of notes
-- component: amount_rate | % | not additive | 违规金额占比 | Share of principal
-- component: borrower_rate | % | not additive | 借款人不合格占比 | Ineligible borrower
-- component: lender_rate | % | not additive | 贷款机构不合格占比 | Ineligible lender
-- component: tenor_rate | % | not additive | 期限不合格占比 | Ineligible tenor
-- component: use_rate | % | not additive | 用途不合格占比 | Ineligible use
-- component: broken | count | additive | 违规笔数 | Notes that break a rule
-- component: matched | count | additive | 匹配笔数 | Notes matched
-- cuts: total, bank
-- direction: down
-- target: <=0
-- source: metrics.csv: loans with an ineligible borrower lender tenor or use / matched loans. Decided where it is
--   silent: ledger notes entered in the quarter, judged on the day of grant, on the files, without a finding of
--   fault. Borrower: on the relending list that day, and with the lot's tags and size (TI2022: a tag of HNTE, SRDI,
--   LITTLE_GIANT, CHAMPION, DEMONSTRATION; FL2024: any in-scope tag and medium or smaller; TS2025: any in-scope tag;
--   PR2026: medium or smaller and privately controlled, its threshold of high R&D is not published and not judged;
--   EQ2024: nothing more). Lender: one of the programme's. Tenor: twelve months or more under EQ2024, the other lots
--   have no floor. Use: neither finance nor property, and under EQ2024 an equipment-renewal project of the borrower
--   in work. A note may break several rules.
-- source_zh: 借款人、贷款机构、期限或用途不合格的贷款占匹配贷款的比例。补充口径：取当季入台账的借据，按档案以放款日情
--   况判断，不认定责任。借款人须在当日清单内，并符合该批次的标签和规模要求：TI2022为HNTE、SRDI、LITTLE_GIANT、
--   CHAMPION、DEMONSTRATION之一；FL2024为任一口径内标签且中型及以下；TS2025为任一口径内标签；PR2026为中型及以下民营企
--   业，高研发门槛未公布、不予判断；EQ2024无其他要求。贷款机构须为政策项下银行。EQ2024期限不短于12个月，其他批次无下
--   限。用途不得为金融或房地产，EQ2024须有借款人在建的设备更新项目。一笔借据可同时违反多项。
-- needs: month(month), institution(institution_id, relending_eligible), industry(industry_code, section),
--   project(enterprise_id, kind, approved_on, completed_on), policy_list_entry, relending_note, tag_span

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
listed_note AS (
    SELECT DISTINCT loan_id
    FROM relending_note AS note
    JOIN policy_list_entry AS entry ON entry.enterprise_id = note.enterprise_id
    WHERE list = 'relending' AND pushed_on <= granted_on AND (removed_on IS NULL OR removed_on > granted_on)
),
tagged_note AS (
    SELECT
        loan_id,
        BOOL_OR(tag IN ('HNTE', 'SRDI', 'LITTLE_GIANT', 'CHAMPION', 'DEMONSTRATION')) AS has_tag_of_2022
    FROM relending_note AS note
    JOIN tag_span ON tag_span.enterprise_id = note.enterprise_id AND granted_on BETWEEN first_day AND last_day
    GROUP BY loan_id
),
renewing_note AS (
    SELECT DISTINCT loan_id
    FROM relending_note AS note
    JOIN project ON project.enterprise_id = note.enterprise_id
    WHERE kind = 'equipment_renewal'
        AND approved_on <= granted_on
        AND (completed_on IS NULL OR completed_on >= granted_on)
),
note AS (
    SELECT
        LAST_DAY(DATE_TRUNC('quarter', entered_on) + INTERVAL 2 MONTH) AS quarter,
        institution_id,
        lot,
        eligible_principal,
        tenor_months,
        COALESCE(relending_eligible, FALSE) AS eligible_lender,
        COALESCE(section IN ('J', 'K'), FALSE) AS finance_or_property,
        COALESCE(borrower_size IN ('CS02', 'CS03', 'CS04'), FALSE) AS medium_or_smaller,
        COALESCE(borrower_ownership LIKE 'B01%', FALSE) AS privately_controlled,
        listed_note.loan_id IS NOT NULL AS listed,
        tagged_note.loan_id IS NOT NULL AS has_tag,
        COALESCE(has_tag_of_2022, FALSE) AS has_tag_of_2022,
        renewing_note.loan_id IS NOT NULL AS renewing
    FROM relending_note
    LEFT JOIN institution USING (institution_id)
    LEFT JOIN industry ON industry_code = use_industry
    LEFT JOIN listed_note USING (loan_id)
    LEFT JOIN tagged_note USING (loan_id)
    LEFT JOIN renewing_note USING (loan_id)
),
judged_note AS (
    SELECT
        quarter,
        institution_id,
        eligible_principal,
        NOT listed OR NOT CASE lot
            WHEN 'TI2022' THEN has_tag_of_2022
            WHEN 'FL2024' THEN has_tag AND medium_or_smaller
            WHEN 'TS2025' THEN has_tag
            WHEN 'PR2026' THEN medium_or_smaller AND privately_controlled
            ELSE TRUE
        END AS bad_borrower,
        NOT eligible_lender AS bad_lender,
        lot = 'EQ2024' AND tenor_months < 12 AS bad_tenor,
        finance_or_property OR (lot = 'EQ2024' AND NOT renewing) AS bad_use
    FROM note
),
broken_note AS (
    SELECT *, bad_borrower OR bad_lender OR bad_tenor OR bad_use AS broken FROM judged_note
),
level AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        COUNT(institution_id) AS matched,
        COALESCE(SUM(eligible_principal), 0) AS matched_principal,
        COUNT(*) FILTER (WHERE broken) AS broken,
        COALESCE(SUM(eligible_principal) FILTER (WHERE broken), 0) AS broken_principal,
        COUNT(*) FILTER (WHERE bad_borrower) AS bad_borrower,
        COUNT(*) FILTER (WHERE bad_lender) AS bad_lender,
        COUNT(*) FILTER (WHERE bad_tenor) AS bad_tenor,
        COUNT(*) FILTER (WHERE bad_use) AS bad_use
    FROM quarter
    LEFT JOIN broken_note USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, institution_id))
    -- a quarter without entries has no bank
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
rate AS (
    SELECT quarter, cut, cut_value, 'rate' AS component, broken AS part, matched AS whole FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'amount_rate', broken_principal, matched_principal FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'borrower_rate', bad_borrower, matched FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'lender_rate', bad_lender, matched FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'tenor_rate', bad_tenor, matched FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'use_rate', bad_use, matched FROM level
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
    SELECT quarter, cut, cut_value, 'broken', broken FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'matched', matched FROM level
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
