-- id: insurance_subsidy_rate
-- measure: 15
-- zh: 保费补贴率
-- en: Premium subsidy
-- period: year
-- component: subsidy_rate | % | not additive | 获补保单的补贴率 | Subsidy over premium of the subsidised policies
-- component: subsidy_to_premium | % | not additive | 补贴占当年保费比例 | Subsidy over all premium written
-- component: subsidy | CNY 100m | additive | 补贴金额 | Subsidy granted
-- component: breaches | count | additive | 超过险种上限的保单数 | Policies above their line's cap
-- cuts: total, line
-- direction: none
-- target: <=80
-- source: metrics.csv: subsidy / premium; breaches of the line's own cap. Decided where it is silent: subsidies by
--   budget year, the line is the policy's; a policy whose subsidy the year's pool cut to nothing is among the
--   subsidised with its premium; subsidy_to_premium divides by the premium of all policies written in the year, though
--   the year's subsidies are in part for policies of the year before: of a line it may exceed 100. A breach, per
--   policy: of the IP programme more than 50 % of the premium, or a firm's IP subsidies of the year above CNY 200,000
--   (then each of them); of first-of-kind equipment more than 80 % of the smaller of the premium and 3 % of the sum
--   insured, or a support year after the third. The target is the highest cap of any line; each line's own is judged by
--   breaches.
-- source_zh: 补贴占保费的比例；超过险种上限的保单数。补充口径：补贴按预算年度计，险种以保单为准；因年度资金池用尽而
--   获补为零的保单仍计入获补保单保费；补贴占当年保费比例以当年全部承保保费为分母，而当年补贴部分属上年保单，故单个险种
--   可超过100%。违规按保单认定：知识产权保险补贴超过保费50%，或企业当年知识产权保险补贴合计超过20万元（其
--   各单均计）；首台（套）保险补贴超过保费与保额3%两者较小值的80%，或补贴年限超过三年。目标取各险种上限的最高值，各险
--   种自身上限以超限保单数判断。
-- needs: month(month), insurance_policy(policy_id, line, written_on, sum_insured, premium, support_year),
--   insurance_subsidy(policy_id, enterprise_id, program, year, premium, amount)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
subsidy AS (
    SELECT
        year,
        line,
        insurance_subsidy.premium,
        amount,
        CASE program
            WHEN 'ip'
                THEN amount > 0.5 * insurance_subsidy.premium
                    OR SUM(amount) OVER (PARTITION BY year, program, insurance_subsidy.enterprise_id) > 200000
            WHEN 'first_of_kind'
                THEN amount > 0.8 * LEAST(insurance_subsidy.premium, 0.03 * sum_insured)
                    OR COALESCE(support_year > 3, FALSE)
        END AS breach
    FROM insurance_subsidy
    JOIN insurance_policy ON insurance_policy.policy_id = insurance_subsidy.policy_id
),
item AS (
    SELECT period, line, amount, premium AS subsidised_premium, breach, 0 AS written_premium
    FROM year
    JOIN subsidy ON year = YEAR(period)
    UNION ALL
    SELECT period, line, 0, 0, FALSE, premium
    FROM year
    JOIN insurance_policy ON YEAR(written_on) = YEAR(period)
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(line) = 1 THEN 'total' ELSE 'line' END AS cut,
        COALESCE(line, 'total') AS cut_value,
        COALESCE(SUM(amount), 0) AS amount,
        SUM(subsidised_premium) AS subsidised_premium,
        SUM(written_premium) AS written_premium,
        COUNT(*) FILTER (WHERE breach) AS breaches
    FROM year
    LEFT JOIN item USING (period)
    GROUP BY GROUPING SETS ((period), (period, line))
    HAVING cut = 'total' OR line IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(amount AS DOUBLE) / NULLIF(CAST(subsidised_premium AS DOUBLE), 0) AS subsidy_rate,
        100.0 * CAST(amount AS DOUBLE) / NULLIF(CAST(written_premium AS DOUBLE), 0) AS subsidy_to_premium,
        CAST(amount AS DOUBLE) / 1e8 AS subsidy,
        CAST(breaches AS DOUBLE) AS breaches
    FROM sums
)
SELECT
    period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (subsidy_rate, subsidy_to_premium, subsidy, breaches))
WHERE cut = 'total' OR value IS NOT NULL
