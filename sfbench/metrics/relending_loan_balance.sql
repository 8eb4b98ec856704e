-- id: relending_loan_balance
-- measure: 1
-- zh: 再贷款支持贷款余额
-- en: Loans backed by sci-tech relending
-- period: month
-- component: balance | CNY 100m | additive | 余额 | Balance
-- component: signed | CNY 100m | additive | 累计签约 | Signed since the start
-- component: issued | CNY 100m | additive | 累计发放 | Issued since the start
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: month-end balance of ledger loans; signed and cumulative issued shown beside and never added.
--   Decided where it is silent: a ledger note counts from the month in which it is entered, refinanced or not. issued
--   is the eligible principal of all notes entered so far; signed is the whole amount approved of their requests,
--   each request once from its first note, also where a part of it is drawn outside the scheme.
-- source_zh: 月末台账贷款余额；签约额和累计发放额并列，不与余额相加。补充口径：借据自入台账当月起计入，不论是否已申请
--   再贷款。累计发放为迄今入台账借据的合格本金；累计签约为其申请的批准总额，每笔申请自首笔借据起计一次，含政策之外提
--   款的部分。
-- needs: month(month), relending_note, relending_note_month

WITH contract AS (
    SELECT application_id, institution_id, MIN(entered_on) AS entered_on, MAX(amount_approved) AS amount
    FROM relending_note
    WHERE application_id IS NOT NULL
    GROUP BY application_id, institution_id
),
amount AS (
    SELECT month, institution_id, 'balance' AS component, balance_rmb AS amount
    FROM relending_note_month
    UNION ALL
    SELECT month, institution_id, 'signed', amount
    FROM month
    JOIN contract ON entered_on <= month
    UNION ALL
    SELECT month, institution_id, 'issued', eligible_principal
    FROM month
    JOIN relending_note ON entered_on <= month
),
level AS (
    SELECT month, institution_id, component, SUM(amount) AS amount
    FROM amount
    GROUP BY month, institution_id, component
),
figure AS (
    SELECT month, 'total' AS cut, 'total' AS cut_value, component, COALESCE(SUM(amount), 0) AS amount
    FROM month
    CROSS JOIN (VALUES ('balance'), ('signed'), ('issued')) AS components (component)
    LEFT JOIN level USING (month, component)
    GROUP BY month, component
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), component, amount
    FROM level
)
SELECT month AS period, cut, cut_value, component, CAST(amount AS DOUBLE) / 1e8 AS value, NULL AS scope_version
FROM figure
