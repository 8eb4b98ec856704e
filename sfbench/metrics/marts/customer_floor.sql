-- id: customer_floor
-- grain: bank, or the city (number 0), with at least ten customers at every quarter end
-- caption: What the tenth largest customer borrows at least at any quarter end: the tenth largest of the hundred
--   customers with the highest peaks does, in the quarter in which that is least.
-- needs: balance_quarter(month), note_profile, customer_peak(month)
-- sliced: who may be large depends on the quarters in which it is asked

-- A hundred of those above the mean peak: where there are fewer than ten, there is no floor.
WITH bank AS (
    SELECT institution_id, SUM(CAST(peak_rmb AS DOUBLE)) AS peaks_rmb, COUNT(*) AS customers
    FROM customer_peak
    GROUP BY institution_id
),
leader AS (
    SELECT institution_id, enterprise_id
    FROM customer_peak
    JOIN bank USING (institution_id)
    WHERE CAST(peak_rmb AS DOUBLE) * customers > peaks_rmb
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
)
SELECT institution_id, MIN(balance_rmb) AS floor_rmb
FROM tenth
GROUP BY institution_id
HAVING COUNT(*) = (SELECT COUNT(DISTINCT month) FROM balance_quarter)
