-- id: balance_quarter
-- grain: quarter end x loan note
-- caption: Balances of all notes at quarter ends, taken once for the marts that look at single notes then.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, rate, grade, extended_due_on, tech_enterprise)
-- optional: rate from loan_balance(rate), grade from loan_balance(grade), extended_due_on from
--   loan_balance(extended_due_on), tech_enterprise from loan_balance(tech_enterprise)
-- incremental: month
-- period: quarter

SELECT
    month,
    loan_id,
    balance_rmb,
    rate,
    grade,
    extended_due_on,
    COALESCE(tech_enterprise, FALSE) AS tech_enterprise
FROM loan_balance
WHERE month IN (SELECT month FROM month WHERE MONTH(month) IN (3, 6, 9, 12))
