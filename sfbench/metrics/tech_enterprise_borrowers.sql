-- id: tech_enterprise_borrowers
-- measure: 20
-- zh: 科技型企业贷款户数
-- en: Tech-enterprise borrowers
-- period: month
-- component: borrowers | count | additive | 户数 | Borrowers
-- cuts: total, bank, tag
-- direction: up
-- source: metrics.csv: distinct borrowers with balance > 0. Decided where it is silent: borrowers with a flagged
--   note; each once in the city, once at every bank it borrows from, and once under every in-scope tag it holds at
--   the month end; a bank with loan notes and no such borrower has the value 0.
-- source_zh: 有余额的借款人数，去重。补充口径：取有标识借据的借款人；全市只计一次，在每家贷款银行各计一次，在月末所持
--   每个口径内标签下各计一次；有借据而无此类借款人的银行取0。
-- needs: month(month), bank_loan_month, tech_stage_month, tech_tag_month

WITH bank AS (
    SELECT DISTINCT month, institution_id FROM bank_loan_month
),
borrower AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, COALESCE(SUM(city_borrowers), 0) AS borrowers
    FROM month
    LEFT JOIN tech_stage_month USING (month)
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), COALESCE(SUM(bank_borrowers), 0)
    FROM bank
    LEFT JOIN tech_stage_month USING (month, institution_id)
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'tag', tag, SUM(city_borrowers)
    FROM tech_tag_month
    GROUP BY month, tag
)
SELECT month AS period, cut, cut_value, 'borrowers' AS component, CAST(borrowers AS DOUBLE) AS value
FROM borrower
