-- id: chain_coverage
-- measure: 2
-- zh: 重点产业链金融覆盖率
-- en: Coverage of key industry chains
-- period: quarter
-- component: coverage | % | not additive | 覆盖率 | Members with supply-chain credit
-- component: supplier_coverage | % | not additive | 供应商覆盖率 | Suppliers with supply-chain credit
-- component: financed | count | additive | 获融资成员数 | Members with supply-chain credit
-- component: members | count | additive | 成员数 | Members
-- cuts: total, chain
-- direction: up
-- source: metrics.csv: chain member firms with outstanding supply-chain credit / chain member firms. Decided where it
--   is silent: members are leaders and suppliers of the city whose link is valid and disclosed at the quarter's end;
--   the credit is a note of a supply-chain product with a balance, at any lender. A firm counts once in the total
--   however many chains it belongs to, and once in each chain. A quarter end without any loan note has no coverage.
-- source_zh: 有供应链融资余额的产业链成员企业占全部成员企业的比例。补充口径：成员为季末关系有效且已披露的本市链主和供
--   应商；融资为有余额的供应链产品借据，不限贷款机构。合计中每家企业只计一次，不论属于几条链；在每条链中各计一次。没
--   有借据的季末不计算。
-- needs: month(month), bank_loan_month, chain_member, supply_chain_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
link AS (
    SELECT quarter, enterprise_id, chain, role
    FROM quarter
    JOIN chain_member ON first_day <= quarter AND (last_day IS NULL OR last_day >= quarter)
    WHERE in_city
),
cut_link AS (
    SELECT quarter, 'total' AS cut, 'total' AS cut_value, enterprise_id, role FROM link
    UNION ALL
    SELECT quarter, 'chain', chain, enterprise_id, role FROM link
),
member AS (
    SELECT quarter, cut, cut_value, enterprise_id, BOOL_OR(role = 'supplier') AS supplier
    FROM cut_link
    GROUP BY quarter, cut, cut_value, enterprise_id
),
borrower AS (
    SELECT DISTINCT quarter, enterprise_id FROM supply_chain_quarter
),
chain AS (
    SELECT
        member.quarter,
        cut,
        cut_value,
        COUNT(*) AS members,
        COUNT(borrower.quarter) AS financed,
        COUNT(*) FILTER (WHERE supplier) AS suppliers,
        COUNT(borrower.quarter) FILTER (WHERE supplier) AS financed_suppliers
    FROM member
    LEFT JOIN borrower ON borrower.quarter = member.quarter AND borrower.enterprise_id = member.enterprise_id
    GROUP BY member.quarter, cut, cut_value
),
level AS (
    SELECT * FROM chain
    UNION ALL
    SELECT quarter, 'total', 'total', 0, 0, 0, 0
    FROM quarter
    WHERE quarter NOT IN (SELECT quarter FROM chain)
),
-- A quarter end without any note has no balances: who owes is not known.
known AS (
    SELECT
        quarter,
        cut,
        cut_value,
        members,
        suppliers,
        CASE WHEN quarter IN (SELECT month FROM bank_loan_month) THEN financed END AS financed,
        CASE WHEN quarter IN (SELECT month FROM bank_loan_month) THEN financed_suppliers END AS financed_suppliers
    FROM level
),
rate AS (
    SELECT quarter, cut, cut_value, 'coverage' AS component, financed AS part, members AS whole FROM known
    UNION ALL
    SELECT quarter, cut, cut_value, 'supplier_coverage', financed_suppliers, suppliers FROM known
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
    SELECT quarter, cut, cut_value, 'financed', financed FROM known
    UNION ALL
    SELECT quarter, cut, cut_value, 'members', members FROM known
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
