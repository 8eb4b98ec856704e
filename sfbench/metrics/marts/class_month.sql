-- id: class_month
-- grain: month end x loan class x tech_enterprise, x stage class x tech_enterprise x stage, and x use class
-- caption: Balances of all notes by their classes: one pass over the largest table for all marts of sums. A row names
--   one of the three classes; rows that name none are of the notes without a use class.
-- needs: loan_balance(month, loan_id, balance_rmb, tech_enterprise), note_class(month)
-- sliced: what is made of it is kept

WITH balance AS (
    SELECT
        month,
        loan_class,
        stage_class,
        use_class,
        COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
        month >= growth_from AS past_startup,
        month >= mature_from AS mature,
        balance_rmb
    FROM loan_balance
    JOIN note_class USING (loan_id)
)
SELECT
    month,
    loan_class,
    stage_class,
    use_class,
    tech_enterprise,
    past_startup,
    mature,
    SUM(balance_rmb) AS balance_rmb,
    COUNT(*) AS notes
FROM balance
GROUP BY GROUPING SETS (
    (month, loan_class, tech_enterprise),
    (month, stage_class, tech_enterprise, past_startup, mature),
    (month, use_class)
)
