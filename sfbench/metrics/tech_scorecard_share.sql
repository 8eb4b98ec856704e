-- id: tech_scorecard_share
-- measure: 7
-- zh: 科技评价模型授信占比
-- en: Share decided on a tech scorecard
-- period: quarter
-- component: share | % | not additive | 授信笔数占比 | Share of approvals
-- component: share_amount | % | not additive | 授信金额占比 | Share of the amount approved
-- cuts: total, bank_type
-- direction: up
-- source: metrics.csv: approvals decided with a tech scorecard / tech approvals. Decided where it is silent: tech
--   applications approved in the quarter, drawn or not, by number and by amount; the type is of the bank asked. An
--   application does not say what the money is for, so it is one of tech if the firm is a tech enterprise on the day it
--   applies, or the product is for such firms only.
-- source_zh: 以科技评价模型审批的授信占科技授信的比例。补充口径：取当季批准的科技类申请，不论是否放款，按笔数和金额计；
--   银行类型为受理银行。申请未载资金投向，故以企业申请当日为科技型企业，或产品仅面向科技型企业为准。
-- needs: month(month), institution(institution_id, bank_type), tech_application

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
approval AS (
    SELECT
        decided_quarter AS quarter,
        application_id,
        bank_type,
        decision_model = 'tech_scorecard' AS scored,
        amount_approved
    FROM tech_application
    JOIN institution ON institution.institution_id = tech_application.institution_id
    WHERE tech_when_applied AND decision = 'approved'
),
approved AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        COUNT(application_id) AS approvals,
        COUNT(*) FILTER (WHERE scored) AS scored,
        CAST(SUM(amount_approved) AS DOUBLE) AS amount,
        CAST(COALESCE(SUM(amount_approved) FILTER (WHERE scored), 0) AS DOUBLE) AS scored_amount
    FROM quarter
    LEFT JOIN approval USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank_type))
    HAVING GROUPING(bank_type) = 1 OR bank_type IS NOT NULL
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * CAST(scored AS DOUBLE) / NULLIF(CAST(approvals AS DOUBLE), 0) AS share,
        100.0 * scored_amount / NULLIF(amount, 0) AS share_amount
    FROM approved
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
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_amount))
