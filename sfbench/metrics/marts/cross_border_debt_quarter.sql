-- id: cross_border_debt_quarter
-- grain: quarter x currency
-- caption: What firms of the city drew and repaid under cross-border facilities, in the currency of the debt.
-- needs: enterprise(enterprise_id, in_city), cross_border_debt(enterprise_id, quarter, currency, drawn, repaid)

SELECT
    quarter,
    currency,
    CAST(SUM(drawn) AS DECIMAL(18, 2)) AS drawn,
    CAST(SUM(repaid) AS DECIMAL(18, 2)) AS repaid
FROM cross_border_debt
JOIN enterprise ON enterprise.enterprise_id = cross_border_debt.enterprise_id
WHERE in_city
GROUP BY quarter, currency
