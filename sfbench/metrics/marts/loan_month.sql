-- id: loan_month
-- grain: month x bank x district x tech_enterprise x tech_use x industry flags x green x digital
-- caption: Balances of all loan notes, by what never changes about a note and by the month's tech-enterprise flag.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, tech_enterprise), loan(loan_id, enterprise_id,
--   institution_id, tech_use, htp, hts, se, pa, green, digital), enterprise(enterprise_id, district_id)
-- optional: district from loan(enterprise_id), district from enterprise(enterprise_id, district_id), tech_enterprise
--   from loan_balance(tech_enterprise), tech_use from loan(tech_use), in_htp from loan(htp), in_hts from loan(hts),
--   in_se from loan(se), in_pa from loan(pa), green from loan(green), digital from loan(digital)
-- incremental: month
-- only: loan.loan_id in loan_balance

-- The wide group is made once per note, as one number: the many balance rows are then grouped by three small keys.
WITH note AS (
    SELECT
        loan_id,
        institution_id,
        COALESCE(CAST(district_id AS VARCHAR), 'out_of_city') AS district,
        COALESCE(tech_use, FALSE) AS tech_use,
        loan.htp IS NOT NULL AS in_htp,
        loan.hts IS NOT NULL AS in_hts,
        loan.se IS NOT NULL AS in_se,
        loan.pa IS NOT NULL AS in_pa,
        COALESCE(green, FALSE) AS green,
        COALESCE(digital, FALSE) AS digital
    FROM loan
    LEFT JOIN enterprise ON enterprise.enterprise_id = loan.enterprise_id
),
note_class AS (
    SELECT
        *,
        ROW_NUMBER() OVER (
            ORDER BY institution_id, district, tech_use, in_htp, in_hts, in_se, in_pa, green, digital
        ) AS class_no
    FROM (
        SELECT DISTINCT institution_id, district, tech_use, in_htp, in_hts, in_se, in_pa, green, digital FROM note
    ) AS classes
),
class_of_note AS (
    SELECT note.loan_id, note_class.class_no
    FROM note
    JOIN note_class USING (institution_id, district, tech_use, in_htp, in_hts, in_se, in_pa, green, digital)
),
class_month AS (
    SELECT
        month,
        class_no,
        COALESCE(tech_enterprise, FALSE) AS tech_enterprise,
        SUM(balance_rmb) AS balance_rmb
    FROM loan_balance
    JOIN class_of_note USING (loan_id)
    GROUP BY month, class_no, COALESCE(tech_enterprise, FALSE)
)
SELECT
    month,
    institution_id,
    district,
    tech_enterprise,
    tech_use,
    in_htp,
    in_hts,
    in_se,
    in_pa,
    green,
    digital,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
JOIN note_class USING (class_no)
-- after the grouping, when few rows are left to look at
WHERE month IN (SELECT month FROM month)
