-- id: partner_loan_share
-- measure: 7
-- zh: 投担联动贷款占比
-- en: Share of loans with a partner
-- period: quarter
-- component: share | % | not additive | 投担联动贷款余额占比 | Share of balance with a partner
-- component: share_count | % | not additive | 投担联动贷款笔数占比 | Share of notes with a partner
-- cuts: total, bank_type, partner_kind
-- direction: up
-- source: metrics.csv: tech loans with an investment or guarantee partner / tech loans. Decided where it is silent:
--   balances at the quarter end, and notes with a balance; the partner is that of the note's application; under the cut
--   partner_kind the base is all tech loans.
-- source_zh: 有投资机构或担保机构参与的科技贷款占科技贷款的比例。补充口径：取季末余额，以及有余额的借据笔数；合作方以
--   借据对应申请所载为准；按合作方类型分组时分母为全部科技贷款。
-- needs: month(month), institution(institution_id, bank_type), tech_loan_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
tech_note AS (
    SELECT quarter, bank_type, partner_kind, balance_rmb, notes
    FROM tech_loan_quarter
    JOIN institution ON institution.institution_id = tech_loan_quarter.institution_id
),
lending AS (
    SELECT
        quarter,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE 'bank_type' END AS cut,
        CASE WHEN GROUPING(bank_type) = 1 THEN 'total' ELSE bank_type END AS cut_value,
        CAST(SUM(balance_rmb) AS DOUBLE) AS balance,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE partner_kind = 'investment'), 0) AS DOUBLE) AS invested,
        CAST(COALESCE(SUM(balance_rmb) FILTER (WHERE partner_kind = 'guarantee'), 0) AS DOUBLE) AS guaranteed,
        CAST(SUM(notes) AS DOUBLE) AS notes,
        CAST(COALESCE(SUM(notes) FILTER (WHERE partner_kind = 'investment'), 0) AS DOUBLE) AS invested_notes,
        CAST(COALESCE(SUM(notes) FILTER (WHERE partner_kind = 'guarantee'), 0) AS DOUBLE) AS guaranteed_notes
    FROM quarter
    LEFT JOIN tech_note USING (quarter)
    GROUP BY GROUPING SETS ((quarter), (quarter, bank_type))
    HAVING GROUPING(bank_type) = 1 OR bank_type IS NOT NULL
),
partnered AS (
    SELECT
        quarter,
        cut,
        cut_value,
        invested + guaranteed AS partnered,
        balance,
        invested_notes + guaranteed_notes AS partnered_notes,
        notes
    FROM lending
    UNION ALL
    SELECT quarter, 'partner_kind', 'investment', invested, balance, invested_notes, notes
    FROM lending
    WHERE cut = 'total'
    UNION ALL
    SELECT quarter, 'partner_kind', 'guarantee', guaranteed, balance, guaranteed_notes, notes
    FROM lending
    WHERE cut = 'total'
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        100.0 * partnered / NULLIF(balance, 0) AS share,
        100.0 * partnered_notes / NULLIF(notes, 0) AS share_count
    FROM partnered
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (share, share_count))
