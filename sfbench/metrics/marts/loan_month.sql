-- id: loan_month
-- grain: month x bank x district x tech_enterprise x tech_use x industry flags x green x digital
-- caption: Balances of all loan notes, by what never changes about a note and by the month's tech-enterprise flag.
-- needs: month(month), loan_balance(month, loan_id, balance_rmb, tech_enterprise), loan(loan_id, enterprise_id,
--   institution_id, tech_use, htp, hts, se, pa, green, digital), enterprise(enterprise_id, district_id)
-- incremental: month
-- only: loan.loan_id in loan_balance

-- The wide group is made once per note, as one number: the many balance rows are then grouped by three small keys. Of
-- seven flags that would be grouped by one by one, one number is made first.
WITH note AS (
    SELECT
        loan.loan_id,
        institution_id,
        COALESCE(district_id, 0) AS district_id,
        CASE WHEN tech_use THEN 1 ELSE 0 END
        + CASE WHEN loan.htp IS NOT NULL THEN 2 ELSE 0 END
        + CASE WHEN loan.hts IS NOT NULL THEN 4 ELSE 0 END
        + CASE WHEN loan.se IS NOT NULL THEN 8 ELSE 0 END
        + CASE WHEN loan.pa IS NOT NULL THEN 16 ELSE 0 END
        + CASE WHEN green THEN 32 ELSE 0 END
        + CASE WHEN digital THEN 64 ELSE 0 END AS flags
    FROM loan
    LEFT JOIN enterprise ON enterprise.enterprise_id = loan.enterprise_id
),
note_class AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY institution_id, district_id, flags) AS class_no
    FROM (SELECT DISTINCT institution_id, district_id, flags FROM note) AS classes
),
class_of_note AS (
    SELECT note.loan_id, note_class.class_no
    FROM note
    JOIN note_class USING (institution_id, district_id, flags)
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
    COALESCE(CAST(NULLIF(district_id, 0) AS VARCHAR), 'out_of_city') AS district,
    tech_enterprise,
    (flags & 1) = 1 AS tech_use,
    (flags & 2) = 2 AS in_htp,
    (flags & 4) = 4 AS in_hts,
    (flags & 8) = 8 AS in_se,
    (flags & 16) = 16 AS in_pa,
    (flags & 32) = 32 AS green,
    (flags & 64) = 64 AS digital,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb
FROM class_month
JOIN note_class USING (class_no)
-- after the grouping, when few rows are left to look at
WHERE month IN (SELECT month FROM month)
