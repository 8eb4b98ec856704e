-- id: exposure_quarter
-- grain: quarter end x bank, and x the city (no bank)
-- caption: Largest customer, largest group and the ten largest customers by loan balance.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb), enterprise(enterprise_id, group_id), note_profile

-- Few customers can be among the ten largest, and only these are summed, so that the city needs no sum for every
-- customer. Customers fall into a hundred classes by their number; the largest notes of ten classes belong to ten
-- customers, so the tenth largest customer has at least the tenth largest of these notes (the floor). A customer with
-- n notes whose largest is under the floor / n stays below it.
WITH quarter AS (
    SELECT month FROM month WHERE MONTH(month) % 3 = 0
),
bank_customer AS (
    SELECT institution_id, enterprise_id, COUNT(*) AS bank_notes
    FROM note_profile
    GROUP BY institution_id, enterprise_id
),
customer AS (
    SELECT bank_customer.enterprise_id, group_id, CAST(SUM(bank_notes) AS BIGINT) AS city_notes
    FROM bank_customer
    LEFT JOIN enterprise ON enterprise.enterprise_id = bank_customer.enterprise_id
    GROUP BY bank_customer.enterprise_id, group_id
),
note AS (
    SELECT loan_id, institution_id, enterprise_id, group_id, bank_notes, city_notes
    FROM note_profile
    JOIN bank_customer USING (institution_id, enterprise_id)
    JOIN customer USING (enterprise_id)
),
held AS (
    SELECT month, institution_id, enterprise_id, group_id, bank_notes, city_notes, balance_rmb
    FROM loan_balance
    JOIN quarter USING (month)
    JOIN note USING (loan_id)
),
bank_class AS (
    SELECT month, institution_id, enterprise_id % 100 AS class_no, MAX(balance_rmb) AS note_rmb
    FROM held
    GROUP BY month, institution_id, enterprise_id % 100
),
-- The city has the number 0, which no institution has.
class AS (
    SELECT month, institution_id, class_no, note_rmb FROM bank_class
    UNION ALL
    SELECT month, 0, class_no, MAX(note_rmb) FROM bank_class GROUP BY month, class_no
),
ranked_class AS (
    SELECT
        month,
        institution_id,
        note_rmb,
        ROW_NUMBER() OVER (PARTITION BY month, institution_id ORDER BY note_rmb DESC, class_no) AS place
    FROM class
),
floor AS (
    SELECT month, institution_id, CASE WHEN COUNT(*) = 10 THEN MIN(note_rmb) ELSE 0 END AS floor_rmb
    FROM ranked_class
    WHERE place <= 10
    GROUP BY month, institution_id
),
bank_candidate AS (
    SELECT DISTINCT month, institution_id, enterprise_id
    FROM held
    JOIN floor USING (month, institution_id)
    WHERE balance_rmb * bank_notes >= floor_rmb
),
city_candidate AS (
    SELECT DISTINCT month, enterprise_id
    FROM held
    JOIN floor USING (month)
    WHERE floor.institution_id = 0 AND balance_rmb * city_notes >= floor_rmb
),
candidate AS (
    SELECT month, institution_id, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM held
    JOIN bank_candidate USING (month, institution_id, enterprise_id)
    GROUP BY month, institution_id, enterprise_id
    UNION ALL
    SELECT month, 0, enterprise_id, SUM(balance_rmb)
    FROM held
    JOIN city_candidate USING (month, enterprise_id)
    GROUP BY month, enterprise_id
),
ranked_candidate AS (
    SELECT
        month,
        institution_id,
        balance_rmb,
        ROW_NUMBER() OVER (PARTITION BY month, institution_id ORDER BY balance_rmb DESC, enterprise_id) AS place
    FROM candidate
),
top10 AS (
    SELECT month, institution_id, MAX(balance_rmb) AS customer_rmb, SUM(balance_rmb) AS top10_rmb
    FROM ranked_candidate
    WHERE place <= 10
    GROUP BY month, institution_id
),
group_balance AS (
    SELECT month, institution_id, group_id, SUM(balance_rmb) AS balance_rmb
    FROM held
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
