-- id: emission_pair
-- grain: year x firm that reports the year and the year before the last one
-- caption: Emissions and revenue two years apart, and green and decarbonisation loans granted in the year between.
-- needs: product(product_id, code), loan(enterprise_id, product_id, granted_on, amount_rmb, green),
--   enterprise_year(enterprise_id, year, revenue, tco2e)

WITH decarbonisation AS (
    SELECT product_id FROM product WHERE code = 'decarbonisation'
),
grant_year AS (
    SELECT enterprise_id, YEAR(granted_on) AS year, SUM(amount_rmb) AS granted_rmb
    FROM loan
    WHERE green OR product_id IN (SELECT product_id FROM decarbonisation)
    GROUP BY enterprise_id, YEAR(granted_on)
)
SELECT
    report.year,
    report.enterprise_id,
    report.revenue,
    report.tco2e,
    earlier.revenue AS earlier_revenue,
    earlier.tco2e AS earlier_tco2e,
    CAST(granted_rmb AS DECIMAL(18, 2)) AS granted_rmb
FROM enterprise_year AS report
JOIN enterprise_year AS earlier
    ON earlier.enterprise_id = report.enterprise_id AND earlier.year = report.year - 2
LEFT JOIN grant_year ON grant_year.enterprise_id = report.enterprise_id AND grant_year.year = report.year - 1
WHERE report.revenue > 0 AND earlier.revenue > 0 AND earlier.tco2e > 0
