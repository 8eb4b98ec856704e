-- id: loan_class_month
-- grain: month x class of note, for each of five ways to class them; x tech_enterprise (three ways), x stage (by age)
-- caption: Balances of all loan notes in one pass; loan_month, loan_place_month, loan_age_month, loan_use_month and
--   loan_cluster_month show one way each.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, tech_enterprise), note_class

WITH balance AS (
    SELECT
        month,
        COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
        bank_class,
        place_class,
        age_class,
        month >= growth_from AS past_startup,
        month >= mature_from AS mature,
        use_class,
        cluster_class,
        balance_rmb
    FROM loan_balance
    JOIN note_class USING (loan_id)
),
class_month AS (
    SELECT
        month,
        tech_enterprise,
        bank_class,
        place_class,
        age_class,
        past_startup,
        mature,
        use_class,
        cluster_class,
        SUM(balance_rmb) AS balance_rmb
    FROM balance
    GROUP BY GROUPING SETS (
        (month, tech_enterprise, bank_class),
        (month, tech_enterprise, place_class),
        (month, tech_enterprise, age_class, past_startup, mature),
        (month, use_class),
        (month, cluster_class)
    )
)
SELECT
    month,
    tech_enterprise,
    bank_class,
    place_class,
    age_class,
    CASE
        WHEN past_startup IS NULL THEN 'unknown'
        WHEN NOT past_startup THEN 'startup'
        WHEN NOT mature THEN 'growth'
        ELSE 'mature'
    END AS stage,
    use_class,
    cluster_class,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
-- after the grouping, when few rows are left to look at
WHERE month IN (SELECT month FROM month)
