-- id: guarantee_quarter
-- grain: quarter end x guarantee contract in force
-- caption: Contracts in force with their note's balance and flag of the day; a small borrower is a small or micro firm
--   whose contracts at the guarantor come to at most CNY 5 million.
-- needs: month(month), guarantee_contract, note_quarter

WITH in_force AS (
    SELECT month AS quarter, guarantee_contract.*
    FROM month
    JOIN guarantee_contract ON started_on <= month AND (released_on IS NULL OR released_on > month)
    WHERE MONTH(month) % 3 = 0
)
SELECT
    in_force.quarter,
    guarantor_id,
    guaranteed_amount,
    own_amount,
    fee_rate,
    first_loan,
    special_plan,
    keeps_rules,
    small AND SUM(guaranteed_amount) OVER (
        PARTITION BY in_force.quarter, guarantor_id, in_force.enterprise_id
    ) <= 5000000 AS small_borrower,
    COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
    note_rmb,
    balance_rmb
FROM in_force
LEFT JOIN note_quarter ON note_quarter.quarter = in_force.quarter AND note_quarter.loan_id = in_force.loan_id
