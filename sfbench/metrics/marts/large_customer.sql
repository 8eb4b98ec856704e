-- id: large_customer
-- grain: bank, or the city (number 0, which no institution has) x customer that may be among the ten largest
-- caption: Few customers can be among the ten largest of a quarter, and exposure_quarter sums only these.
-- needs: balance_quarter, note_profile

-- The hundred that borrow most (by the sum of their notes' highest balances, which no quarter exceeds) are summed by
-- quarter first: the tenth largest of them is a floor of the quarter, and a customer below the lowest floor is never
-- among the ten.
WITH peak AS (
    SELECT loan_id, MAX(balance_rmb) AS peak_rmb FROM balance_quarter GROUP BY loan_id
),
bank_customer AS (
    SELECT institution_id, enterprise_id, SUM(peak_rmb) AS peak_rmb
    FROM peak
    JOIN note_profile USING (loan_id)
    GROUP BY institution_id, enterprise_id
),
customer AS (
    SELECT institution_id, enterprise_id, peak_rmb FROM bank_customer
    UNION ALL
    SELECT 0, enterprise_id, SUM(peak_rmb) FROM bank_customer GROUP BY enterprise_id
),
leader AS (
    SELECT institution_id, enterprise_id
    FROM customer
    QUALIFY ROW_NUMBER() OVER (PARTITION BY institution_id ORDER BY peak_rmb DESC, enterprise_id) <= 100
),
leader_note AS (
    SELECT loan_id, leader.institution_id, leader.enterprise_id
    FROM note_profile
    JOIN leader ON leader.enterprise_id = note_profile.enterprise_id
    WHERE leader.institution_id IN (0, note_profile.institution_id)
),
leader_quarter AS (
    SELECT month, institution_id, enterprise_id, SUM(balance_rmb) AS balance_rmb
    FROM balance_quarter
    JOIN leader_note USING (loan_id)
    GROUP BY month, institution_id, enterprise_id
),
tenth AS (
    SELECT institution_id, balance_rmb
    FROM leader_quarter
    QUALIFY ROW_NUMBER() OVER (PARTITION BY month, institution_id ORDER BY balance_rmb DESC, enterprise_id) = 10
),
-- no floor where a quarter has fewer than ten of them
floor AS (
    SELECT institution_id, MIN(balance_rmb) AS floor_rmb
    FROM tenth
    GROUP BY institution_id
    HAVING COUNT(*) = (SELECT COUNT(DISTINCT month) FROM balance_quarter)
)
SELECT institution_id, enterprise_id
FROM customer
LEFT JOIN floor USING (institution_id)
WHERE peak_rmb >= COALESCE(floor_rmb, 0)
