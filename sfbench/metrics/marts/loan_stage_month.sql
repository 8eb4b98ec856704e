-- id: loan_stage_month
-- grain: month x borrower's stage x cluster x year of grant x tech_enterprise x tech_use
-- caption: Balances of all loan notes by the borrower's stage and cluster and by vintage; banks are in loan_month.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, tech_enterprise), note_profile
-- optional: stage from note_profile(growth_from, mature_from), cluster_id from note_profile(cluster_id), vintage from
--   note_profile(vintage), tech_use from note_profile(tech_use), tech_enterprise from loan_balance(tech_enterprise)
-- incremental: month

-- As in loan_month: the note's own group is one number. The stage moves with the month and is two flags.
WITH note_class AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY cluster_id NULLS LAST, vintage, tech_use) AS class_no
    FROM (SELECT DISTINCT cluster_id, vintage, tech_use FROM note_profile) AS classes
),
class_of_note AS (
    SELECT loan_id, class_no, growth_from, mature_from
    FROM note_profile
    JOIN note_class
        ON COALESCE(note_class.cluster_id, 0) = COALESCE(note_profile.cluster_id, 0)
        AND COALESCE(note_class.vintage, 0) = COALESCE(note_profile.vintage, 0)
        AND note_class.tech_use = note_profile.tech_use
),
class_month AS (
    SELECT
        month,
        class_no,
        COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
        month >= growth_from AS past_startup,
        month >= mature_from AS mature,
        SUM(balance_rmb) AS balance_rmb
    FROM loan_balance
    JOIN class_of_note USING (loan_id)
    GROUP BY month, class_no, COALESCE(tech_enterprise, FALSE), month >= growth_from, month >= mature_from
)
SELECT
    month,
    CASE
        WHEN past_startup IS NULL THEN 'unknown'
        WHEN NOT past_startup THEN 'startup'
        WHEN NOT mature THEN 'growth'
        ELSE 'mature'
    END AS stage,
    cluster_id,
    vintage,
    tech_enterprise,
    tech_use,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
JOIN note_class USING (class_no)
-- after the grouping, when few rows are left to look at
WHERE month IN (SELECT month FROM month)
