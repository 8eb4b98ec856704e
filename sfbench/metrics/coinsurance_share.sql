-- id: coinsurance_share
-- measure: 15
-- zh: 共保占比
-- en: Share of co-insured cover
-- period: year
-- component: share | % | not additive | 共保保额占比 | Share of the sum insured
-- component: share_policies | % | not additive | 共保保单占比 | Share of the policies
-- component: carried_by_followers | % | not additive | 从共保机构承担保额占比 | Share of the sum insured that followers carry
-- cuts: total, line
-- direction: up
-- source: metrics.csv: sum insured under co-insurance / all. Decided where it is silent: policies written in the year;
--   carried_by_followers is the sum insured that co-insurers other than the lead carry, over that of all policies.
-- source_zh: 共保项下保额占全部保额的比例。补充口径：取当年承保的保单；从共保机构承担占比为首席以外的共保机构所承担的
--   保额占全部保单保额的比例。
-- needs: month(month), insurance_policy(policy_id, line, written_on, sum_insured, coinsured),
--   insurance_share(policy_id, role, sum_insured)

WITH year AS (
    SELECT month AS period FROM month WHERE MONTH(month) = 12
),
follower AS (
    SELECT policy_id, SUM(sum_insured) AS carried FROM insurance_share WHERE role = 'follower' GROUP BY policy_id
),
policy AS (
    SELECT period, line, coinsured, sum_insured, COALESCE(carried, 0) AS carried
    FROM year
    JOIN insurance_policy ON YEAR(written_on) = YEAR(period)
    LEFT JOIN follower ON follower.policy_id = insurance_policy.policy_id
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(line) = 1 THEN 'total' ELSE 'line' END AS cut,
        COALESCE(line, 'total') AS cut_value,
        SUM(sum_insured) AS sum_insured,
        COALESCE(SUM(sum_insured) FILTER (WHERE coinsured), 0) AS coinsured,
        COUNT(line) AS policies,
        COUNT(*) FILTER (WHERE coinsured) AS coinsured_policies,
        SUM(carried) AS carried
    FROM year
    LEFT JOIN policy USING (period)
    GROUP BY GROUPING SETS ((period), (period, line))
    HAVING cut = 'total' OR line IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        100.0 * CAST(coinsured AS DOUBLE) / NULLIF(CAST(sum_insured AS DOUBLE), 0) AS share,
        100.0 * CAST(coinsured_policies AS DOUBLE) / NULLIF(CAST(policies AS DOUBLE), 0) AS share_policies,
        100.0 * CAST(carried AS DOUBLE) / NULLIF(CAST(sum_insured AS DOUBLE), 0) AS carried_by_followers
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_policies, carried_by_followers))
WHERE cut = 'total' OR value IS NOT NULL
