-- id: exposure_quarter
-- grain: quarter end x bank, and x the city (no bank)
-- caption: Largest customer, largest group and the ten largest customers by loan balance.
-- needs: balance_quarter(month), enterprise(enterprise_id, group_id), note_profile, large_customer(month)
-- incremental: month
-- period: quarter

WITH large_note AS (
    SELECT loan_id, large_customer.institution_id, large_customer.enterprise_id
    FROM note_profile
    JOIN large_customer ON large_customer.enterprise_id = note_profile.enterprise_id
    WHERE large_customer.institution_id IN (0, note_profile.institution_id)
),
customer_quarter AS (
    SELECT month, institution_id, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM balance_quarter
    JOIN large_note USING (loan_id)
    GROUP BY month, institution_id, enterprise_id
),
ranked_customer AS (
    SELECT
        month,
        institution_id,
        balance_rmb,
        ROW_NUMBER() OVER (PARTITION BY month, institution_id ORDER BY balance_rmb DESC, enterprise_id) AS place
    FROM customer_quarter
),
top10 AS (
    SELECT month, institution_id, MAX(balance_rmb) AS customer_rmb, SUM(balance_rmb) AS top10_rmb
    FROM ranked_customer
    WHERE place <= 10
    GROUP BY month, institution_id
),
group_note AS (
    SELECT loan_id, institution_id, group_id
    FROM note_profile
    JOIN enterprise USING (enterprise_id)
    WHERE group_id IS NOT NULL
),
-- No group is NULL here: the filter only keeps DuckDB from a sum by note and month, of all notes, before the join.
group_quarter AS (
    SELECT
        month,
        institution_id,
        group_id,
        SUM(balance_rmb) FILTER (WHERE group_id IS NOT NULL) AS balance_rmb
    FROM balance_quarter
    JOIN group_note USING (loan_id)
    GROUP BY month, institution_id, group_id
),
largest_group AS (
    SELECT month, institution_id, MAX(balance_rmb) AS group_rmb
    FROM group_quarter
    GROUP BY month, institution_id
)
SELECT
    month,
    NULLIF(institution_id, 0) AS institution_id,
    CAST(customer_rmb AS DECIMAL(18, 2)) AS largest_customer_rmb,
    -- a firm without a group is its own
    CAST(GREATEST(customer_rmb, COALESCE(group_rmb, 0)) AS DECIMAL(18, 2)) AS largest_group_rmb,
    CAST(top10_rmb AS DECIMAL(18, 2)) AS top10_rmb
FROM top10
LEFT JOIN largest_group USING (month, institution_id)
