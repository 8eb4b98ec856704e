-- id: exposure_quarter
-- grain: quarter end x bank, and x the city (no bank)
-- caption: Largest customer, largest group and the ten largest customers by loan balance.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb), enterprise(enterprise_id, group_id), note_profile

WITH quarter AS (
    SELECT month FROM month WHERE MONTH(month) % 3 = 0
),
note AS (
    SELECT loan_id, institution_id, enterprise_id FROM note_profile
),
bank_customer AS (
    SELECT month, institution_id, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM loan_balance
    JOIN quarter USING (month)
    JOIN note USING (loan_id)
    GROUP BY month, institution_id, enterprise_id
),
-- The city has the number 0, which no institution has.
customer AS (
    SELECT month, institution_id, enterprise_id, balance_rmb FROM bank_customer
    UNION ALL
    SELECT month, 0, enterprise_id, SUM(balance_rmb) FROM bank_customer GROUP BY month, enterprise_id
),
-- The largest customers of every last digit of their numbers are ten, so none of the ten largest is below the least of
-- them. That leaves some thirty customers a bank to be put in order.
largest_of_digit AS (
    SELECT month, institution_id, enterprise_id % 10 AS digit, MAX(balance_rmb) AS balance_rmb
    FROM customer
    GROUP BY month, institution_id, enterprise_id % 10
),
floor AS (
    SELECT month, institution_id, CASE WHEN COUNT(*) = 10 THEN MIN(balance_rmb) ELSE 0 END AS floor_rmb
    FROM largest_of_digit
    GROUP BY month, institution_id
),
ranked_customer AS (
    SELECT
        month,
        institution_id,
        balance_rmb,
        ROW_NUMBER() OVER (PARTITION BY month, institution_id ORDER BY balance_rmb DESC, enterprise_id) AS place
    FROM customer
    JOIN floor USING (month, institution_id)
    WHERE balance_rmb >= floor_rmb
),
top10 AS (
    SELECT month, institution_id, MAX(balance_rmb) AS customer_rmb, SUM(balance_rmb) AS top10_rmb
    FROM ranked_customer
    WHERE place <= 10
    GROUP BY month, institution_id
),
group_balance AS (
    SELECT month, institution_id, group_id, SUM(balance_rmb) AS balance_rmb
    FROM bank_customer
    JOIN enterprise ON enterprise.enterprise_id = bank_customer.enterprise_id
    WHERE group_id IS NOT NULL
    GROUP BY month, institution_id, group_id
),
largest_group AS (
    SELECT month, institution_id, MAX(balance_rmb) AS group_rmb
    FROM group_balance
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
