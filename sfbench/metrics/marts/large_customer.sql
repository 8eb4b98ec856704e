-- id: large_customer
-- grain: bank, or the city (number 0) x customer that may be among the ten largest of a quarter
-- caption: Few customers can be, and exposure_quarter sums only these: whose peak is not below the floor.
-- needs: customer_peak(month), customer_floor(month)
-- sliced: who may be large depends on the quarters in which it is asked

SELECT institution_id, enterprise_id
FROM customer_peak
LEFT JOIN customer_floor USING (institution_id)
WHERE peak_rmb >= COALESCE(floor_rmb, 0)
