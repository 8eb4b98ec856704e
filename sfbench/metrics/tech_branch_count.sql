-- id: tech_branch_count
-- measure: 9
-- zh: 科技支行数
-- en: Specialised tech branches
-- period: quarter
-- component: branches | count | not additive | 科技支行数 | Specialised branches
-- component: teams | count | not additive | 科技金融团队数 | Outlets with a tech-finance team
-- component: staff | count | not additive | 科技金融专职人数 | Dedicated staff
-- component: delegated_share | % | not additive | 审批和定价权限均下放占比 | Share with approval and pricing delegated
-- component: approval_share | % | not additive | 审批权限下放占比 | Share with approval delegated
-- component: pricing_share | % | not additive | 定价权限下放占比 | Share with pricing delegated
-- cuts: total, bank_type
-- direction: up
-- source: metrics.csv: tech branches, teams, staff and delegated powers. Decided where it is silent: outlets open at
--   the quarter end (one that closes that day is not), by the days on which they were specialised, given a team and
--   given powers; a specialised branch has a team, so teams hold branches; unknown staff is 0; shares are of teams. A
--   bank type without teams, or without branches, has no row of them.
-- source_zh: 科技支行数、团队数、人员数和权限下放情况。补充口径：取季末营业的网点（当日关闭的不计），以专营、设团队、
--   授权的日期为准；专营网点必有团队，故团队数包含支行数；人数不明的计0；占比以团队为分母。没有团队或没有支行的银行类
--   型不列相应的行。
-- needs: month(month), branch(institution_id, opened_on, closed_on, specialised_on, team_on, tech_staff,
--   approval_delegated_on, pricing_delegated_on), institution(institution_id, bank_type)

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
outlet AS (
    SELECT
        quarter,
        bank_type,
        COALESCE(specialised_on <= quarter, FALSE) AS specialised,
        COALESCE(team_on <= quarter, FALSE) AS team,
        tech_staff,
        COALESCE(approval_delegated_on <= quarter, FALSE) AS approves,
        COALESCE(pricing_delegated_on <= quarter, FALSE) AS prices
    FROM quarter
    JOIN branch ON opened_on <= quarter AND (closed_on IS NULL OR closed_on > quarter)
    JOIN institution ON institution.institution_id = branch.institution_id
),
network AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        CAST(COUNT(*) FILTER (WHERE specialised) AS DOUBLE) AS branches,
        CAST(COUNT(*) FILTER (WHERE team) AS DOUBLE) AS teams,
        CAST(COALESCE(SUM(tech_staff) FILTER (WHERE team), 0) AS DOUBLE) AS staff,
        CAST(COUNT(*) FILTER (WHERE team AND approves AND prices) AS DOUBLE) AS delegated,
        CAST(COUNT(*) FILTER (WHERE team AND approves) AS DOUBLE) AS approving,
        CAST(COUNT(*) FILTER (WHERE team AND prices) AS DOUBLE) AS pricing
    FROM quarter
    LEFT JOIN outlet USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank_type))
    HAVING GROUPING(bank_type) = 1 OR COUNT(*) FILTER (WHERE team) > 0
),
figure AS (
    SELECT
        *,
        100.0 * delegated / NULLIF(teams, 0) AS delegated_share,
        100.0 * approving / NULLIF(teams, 0) AS approval_share,
        100.0 * pricing / NULLIF(teams, 0) AS pricing_share
    FROM network
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
UNPIVOT INCLUDE NULLS (
    value FOR component IN (branches, teams, staff, delegated_share, approval_share, pricing_share)
)
WHERE cut = 'total' OR component <> 'branches' OR value > 0
