-- id: tech_firm_coverage
-- grain: year end x life-cycle stage x owes a bank x held by a fund
-- caption: Tech enterprises of the city, with the stage of the latest year of which there are figures.
-- needs: month(month), tech_firm_span, tech_borrower_month, fund_holding, enterprise_year(enterprise_id, year, stage)

WITH year_end AS (
    SELECT month AS year_end FROM month WHERE MONTH(month) = 12
),
firm AS (
    SELECT year_end, enterprise_id FROM year_end JOIN tech_firm_span ON year_end BETWEEN first_day AND last_day
),
firm_stage AS (
    SELECT year_end, firm.enterprise_id, stage
    FROM firm
    JOIN enterprise_year ON enterprise_year.enterprise_id = firm.enterprise_id AND year <= YEAR(year_end)
    QUALIFY ROW_NUMBER() OVER (PARTITION BY year_end, firm.enterprise_id ORDER BY year DESC) = 1
),
borrower AS (
    SELECT DISTINCT month AS year_end, enterprise_id
    FROM tech_borrower_month
    WHERE balance_rmb > 0 AND month IN (SELECT year_end FROM year_end)
),
held_firm AS (
    SELECT DISTINCT year_end, enterprise_id
    FROM year_end
    JOIN fund_holding ON closed_on <= year_end AND (exited_on IS NULL OR exited_on > year_end)
)
SELECT
    firm.year_end,
    stage,
    borrower.enterprise_id IS NOT NULL AS owes,
    held_firm.enterprise_id IS NOT NULL AS held,
    COUNT(*) AS firms
FROM firm
LEFT JOIN firm_stage ON firm_stage.year_end = firm.year_end AND firm_stage.enterprise_id = firm.enterprise_id
LEFT JOIN borrower ON borrower.year_end = firm.year_end AND borrower.enterprise_id = firm.enterprise_id
LEFT JOIN held_firm ON held_firm.year_end = firm.year_end AND held_firm.enterprise_id = firm.enterprise_id
GROUP BY ALL
