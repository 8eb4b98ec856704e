-- id: first_loan_quarter
-- grain: quarter end x bank x district x tech_enterprise x tech_use
-- caption: Firms by the quarter of their first drawdown, if no other lender was earlier, and the first notes' amounts;
--   bank and use are of the first note, tech_enterprise is the firm's tag on its day.
-- needs: loan(loan_id, enterprise_id, institution_id, granted_on, amount_rmb, first_loan, tech_use),
--   enterprise(enterprise_id, district_id, first_credit_on), tag_span
-- optional: district from enterprise(district_id), tech_enterprise from tag_span, tech_use from loan(tech_use),
--   amount_rmb from loan(amount_rmb)

WITH note AS (
    SELECT
        loan_id,
        enterprise_id,
        institution_id,
        granted_on,
        LAST_DAY(DATE_TRUNC('quarter', granted_on) + INTERVAL 2 MONTH) AS quarter,
        amount_rmb,
        COALESCE(tech_use, FALSE) AS tech_use
    FROM loan
    WHERE first_loan
),
first_note AS (
    SELECT *
    FROM note
    QUALIFY ROW_NUMBER() OVER (PARTITION BY enterprise_id ORDER BY granted_on, loan_id) = 1
),
first_amount AS (
    SELECT first_note.enterprise_id, SUM(note.amount_rmb) AS amount_rmb
    FROM first_note
    JOIN note ON note.enterprise_id = first_note.enterprise_id AND note.quarter = first_note.quarter
    GROUP BY first_note.enterprise_id
),
tagged_note AS (
    SELECT DISTINCT loan_id
    FROM first_note
    JOIN tag_span
        ON tag_span.enterprise_id = first_note.enterprise_id AND granted_on BETWEEN first_day AND last_day
)
SELECT
    quarter,
    institution_id,
    COALESCE(CAST(district_id AS VARCHAR), 'out_of_city') AS district,
    tagged_note.loan_id IS NOT NULL AS tech_enterprise,
    tech_use,
    COUNT(*) AS firms,
    CAST(SUM(first_amount.amount_rmb) AS DECIMAL(18, 2)) AS amount_rmb
FROM first_note
JOIN first_amount ON first_amount.enterprise_id = first_note.enterprise_id
JOIN enterprise ON enterprise.enterprise_id = first_note.enterprise_id
LEFT JOIN tagged_note ON tagged_note.loan_id = first_note.loan_id
WHERE first_credit_on IS NULL OR first_credit_on >= granted_on
GROUP BY ALL
