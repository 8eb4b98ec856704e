-- id: tech_enterprise_loan_balance
-- measure: 20
-- zh: 科技型企业贷款余额
-- en: Tech-enterprise loan balance
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, bank, tag, district, stage
-- direction: up
-- source: metrics.csv: balance of borrowers holding a valid tag at month end; each note once. Decided where it is
--   silent: the notes flagged at that month end; under the cut tag a borrower counts under every in-scope tag that is
--   valid and published at the month end, so the tags do not add up; the stage is the borrower's age in calendar
--   months (startup under 60, growth under 120, mature); a bank with loan notes and none of these has the value 0.
-- source_zh: 月末持有效标签的借款人的贷款余额，每笔借据只计一次。补充口径：取当月末有标识的借据；按标签分组时，借款人
--   计入月末有效且已公布的每个口径内标签，故各标签不可加总；阶段按借款人成立月数划分（不足60个月为初创期，不足120个月
--   为成长期，其余为成熟期）；有借据而无此类贷款的银行取0。
-- needs: month(month), loan_month, tech_tag_month, tech_stage_month

WITH tech_enterprise_note AS (
    SELECT * FROM loan_month WHERE tech_enterprise
),
balance AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, COALESCE(SUM(balance_rmb), 0) AS balance_rmb
    FROM month
    LEFT JOIN tech_enterprise_note USING (month)
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), COALESCE(SUM(balance_rmb) FILTER (WHERE tech_enterprise), 0)
    FROM loan_month
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'tag', tag, SUM(balance_rmb)
    FROM tech_tag_month
    GROUP BY month, tag
    UNION ALL
    SELECT month, 'district', district, SUM(balance_rmb)
    FROM tech_enterprise_note
    GROUP BY month, district
    UNION ALL
    SELECT month, 'stage', stage, SUM(balance_rmb)
    FROM tech_stage_month
    GROUP BY month, stage
)
SELECT month AS period, cut, cut_value, 'balance' AS component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value
FROM balance
