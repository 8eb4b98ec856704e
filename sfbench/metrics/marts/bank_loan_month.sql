-- id: bank_loan_month
-- grain: month x bank x tech_enterprise x tech_use x industry flags x green x digital
-- caption: loan_month without districts: a quarter of its rows, for the metrics that ask for none.
-- needs: loan_month(month)
-- optional: tech_enterprise from loan_month(tech_enterprise), tech_use from loan_month(tech_use), in_htp from
--   loan_month(in_htp), in_hts from loan_month(in_hts), in_se from loan_month(in_se), in_pa from loan_month(in_pa),
--   green from loan_month(green), digital from loan_month(digital)
-- incremental: month

SELECT
    month,
    institution_id,
    tech_enterprise,
    tech_use,
    in_htp,
    in_hts,
    in_se,
    in_pa,
    green,
    digital,
    CAST(SUM(balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb
FROM loan_month
GROUP BY month, institution_id, tech_enterprise, tech_use, in_htp, in_hts, in_se, in_pa, green, digital
