-- id: tech_industry_loan_balance
-- measure: 0
-- zh: 科技相关产业贷款余额
-- en: Tech-related-industry loan balance
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, bank, industry_flag
-- direction: up
-- target: >20000 by 2027-12
-- source: metrics.csv: sum of balance where the actual use is HTP/HTS/SE/PA, each note once. Decided where it is
--   silent: dollar notes at their balance in yuan; under the cut industry_flag a note counts under every flag that it
--   has, so the flags do not add up; a bank with loan notes and none of these has the value 0, a month without any
--   loan note has none.
-- source_zh: 实际投向为高技术制造业、高技术服务业、战略性新兴产业或知识产权（专利）密集型产业的贷款余额，每笔借据只计
--   一次。补充口径：外币借据取折人民币余额；按产业标识分组时，一笔借据计入其所有标识，故各组不可加总；有借据而无此类
--   贷款的银行取0，没有借据的月份不取值。
-- needs: month(month), bank_loan_month

WITH tech_industry_note AS (
    SELECT * FROM bank_loan_month WHERE tech_use
),
flagged_note AS (
    SELECT month, 'HTP' AS flag, balance_rmb FROM tech_industry_note WHERE in_htp
    UNION ALL
    SELECT month, 'HTS', balance_rmb FROM tech_industry_note WHERE in_hts
    UNION ALL
    SELECT month, 'SE', balance_rmb FROM tech_industry_note WHERE in_se
    UNION ALL
    SELECT month, 'PA', balance_rmb FROM tech_industry_note WHERE in_pa
),
balance AS (
    SELECT
        month,
        'total' AS cut,
        'total' AS cut_value,
        CASE WHEN COUNT(institution_id) > 0 THEN COALESCE(SUM(balance_rmb) FILTER (WHERE tech_use), 0) END
            AS balance_rmb
    FROM month
    LEFT JOIN bank_loan_month USING (month)
    GROUP BY month
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), COALESCE(SUM(balance_rmb) FILTER (WHERE tech_use), 0)
    FROM bank_loan_month
    GROUP BY month, institution_id
    UNION ALL
    SELECT month, 'industry_flag', flag, SUM(balance_rmb)
    FROM flagged_note
    GROUP BY month, flag
)
SELECT month AS period, cut, cut_value, 'balance' AS component, CAST(balance_rmb AS DOUBLE) / 1e8 AS value
FROM balance
