-- id: loan_stage_month
-- grain: month x borrower's stage x cluster x year of grant x tech_enterprise x tech_use
-- caption: Balances of all loan notes by the borrower's stage and cluster and by vintage; banks are in loan_month.
-- needs: month(month), class_month(month), note_profile(month)
-- incremental: month

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
JOIN note_profile ON note_profile.loan_id = stage_class
WHERE month IN (SELECT month FROM month)
