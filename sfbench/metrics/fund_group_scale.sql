-- id: fund_group_scale
-- measure: 0
-- zh: 20+8产业基金群规模
-- en: Scale of the 20+8 fund group
-- period: quarter
-- component: committed | CNY 100m | additive | 认缴规模（穿透） | Committed (look-through)
-- component: committed_gross | CNY 100m | additive | 认缴规模（合计） | Committed (gross)
-- component: target | CNY 100m | additive | 目标规模（穿透） | Target size (look-through)
-- component: target_gross | CNY 100m | additive | 目标规模（合计） | Target size (gross)
-- component: paid_in | CNY 100m | additive | 实缴规模（穿透） | Paid in (look-through)
-- component: paid_in_gross | CNY 100m | additive | 实缴规模（合计） | Paid in (gross)
-- cuts: total, cluster, fund_layer
-- direction: up
-- target: >=10000 by 2027-12
-- judged: committed, committed_gross, target, target_gross, paid_in, paid_in_gross
-- source: metrics.csv: look-through: target size / committed / paid-in less commitments by funds in the group; gross
--   shown beside. Decided where it is silent: the group is the living funds in it at the quarter's end (founded_on <=
--   D < ends_on). Look-through takes off what a fund of the group has in another, commitments from target size and
--   from committed, payments from paid-in, at the fund that receives, whose cluster it is under the cut (funds
--   without one are in no row of it); money of a fund that has ended or stands outside is outside money. Each figure
--   has its own verdict; the first, committed with look-through, is the headline: target size and gross figures pass
--   the target earlier.
-- source_zh: 穿透口径为目标规模、认缴规模、实缴规模分别扣除群内基金之间的出资，合计口径并列。补充口径：产业基金群为季
--   末存续的群内基金（成立日不晚于季末且终止日晚于季末）。穿透时在被投基金一端扣除群内其他基金的出资，目标规模和认缴
--   规模扣认缴额，实缴规模扣实缴额，按集群分组时归入被投基金的集群（无集群的不进入分组）；已终止或不在群内的基金出资
--   视为外部资金。各口径分别判断是否达标，以穿透认缴规模为主，目标规模和合计口径会更早达到。
-- needs: month(month), fund(fund_id, in_20p8_group, layer, cluster_id, founded_on, ends_on, target_size), fund_money

WITH quarter AS (
    SELECT month AS period FROM month WHERE MONTH(month) % 3 = 0
),
member AS (
    SELECT period, fund_id, cluster_id, layer, target_size
    FROM quarter
    JOIN fund ON founded_on <= period AND ends_on > period
    WHERE in_20p8_group
),
money AS (
    SELECT
        member.period,
        member.cluster_id,
        member.layer,
        event,
        amount,
        investor.fund_id IS NOT NULL AS from_member
    FROM member
    JOIN fund_money USING (fund_id)
    LEFT JOIN member AS investor ON investor.period = member.period AND investor.fund_id = investor_fund_id
    WHERE event_on <= member.period
    UNION ALL
    SELECT period, cluster_id, layer, 'target', target_size, FALSE
    FROM member
),
sums AS (
    SELECT
        period,
        CASE WHEN GROUPING(cluster_id) = 0 THEN 'cluster' WHEN GROUPING(layer) = 0 THEN 'fund_layer' ELSE 'total' END
            AS cut,
        CASE
            WHEN GROUPING(cluster_id) = 0 THEN CAST(cluster_id AS VARCHAR)
            WHEN GROUPING(layer) = 0 THEN layer
            ELSE 'total'
        END AS cut_value,
        COALESCE(SUM(amount) FILTER (WHERE event = 'committed'), 0) AS committed,
        COALESCE(SUM(amount) FILTER (WHERE event = 'committed' AND from_member), 0) AS committed_by_members,
        COALESCE(SUM(amount) FILTER (WHERE event = 'target'), 0) AS target,
        COALESCE(SUM(amount) FILTER (WHERE event = 'paid_in'), 0) AS paid_in,
        COALESCE(SUM(amount) FILTER (WHERE event = 'paid_in' AND from_member), 0) AS paid_in_by_members
    FROM quarter
    LEFT JOIN money USING (period)
    GROUP BY GROUPING SETS ((period), (period, cluster_id), (period, layer))
    HAVING cut_value IS NOT NULL
),
figure AS (
    SELECT
        period,
        cut,
        cut_value,
        CAST(committed - committed_by_members AS DOUBLE) / 1e8 AS committed,
        CAST(committed AS DOUBLE) / 1e8 AS committed_gross,
        CAST(target - committed_by_members AS DOUBLE) / 1e8 AS target,
        CAST(target AS DOUBLE) / 1e8 AS target_gross,
        CAST(paid_in - paid_in_by_members AS DOUBLE) / 1e8 AS paid_in,
        CAST(paid_in AS DOUBLE) / 1e8 AS paid_in_gross
    FROM sums
)
SELECT period, cut, cut_value, component, value, NULL AS scope_version
FROM figure
UNPIVOT (value FOR component IN (committed, committed_gross, target, target_gross, paid_in, paid_in_gross))
