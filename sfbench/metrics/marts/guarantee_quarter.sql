-- id: guarantee_quarter
-- grain: quarter end x guarantee contract in force
-- caption: Contracts in force with their note's balance and flag of the day.
-- needs: month(month), guarantee_contract, followed_note_quarter(month)
-- optional: own_amount from guarantee_contract(own_amount), fee_rate from guarantee_contract(fee_rate), first_loan
--   from guarantee_contract(first_loan), special_plan from guarantee_contract(special_plan), keeps_rules from
--   guarantee_contract(keeps_rules), small from guarantee_contract(small), note_rmb from guarantee_contract(note_rmb),
--   tech_enterprise from followed_note_quarter(tech_enterprise)
-- incremental: quarter
-- period: quarter

WITH in_force AS (
    SELECT month AS quarter, guarantee_contract.*
    FROM month
    JOIN guarantee_contract ON started_on <= month AND (released_on IS NULL OR released_on > month)
    WHERE MONTH(month) % 3 = 0
)
SELECT
    in_force.quarter,
    guarantor_id,
    enterprise_id,
    guaranteed_amount,
    own_amount,
    fee_rate,
    first_loan,
    special_plan,
    keeps_rules,
    small,
    COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
    note_rmb,
    balance_rmb
FROM in_force
LEFT JOIN followed_note_quarter AS note
    ON note.quarter = in_force.quarter AND note.loan_id = in_force.loan_id
