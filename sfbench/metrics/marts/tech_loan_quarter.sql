-- id: tech_loan_quarter
-- grain: quarter end x bank x borrower size at grant x partner in the application x original term over five years
-- caption: Tech loans (flagged at the quarter end, or by use; each note once), the non-performing part (grades FQ03 to
--   FQ05), and the part whose remaining term is over five years.
-- needs: month(month), balance_quarter(month), loan(loan_id, application_id, institution_id, borrower_size, due_on,
--   tenor_months, tech_use), credit_application(application_id, partner_kind), flagged_note
-- optional: borrower_size from loan(borrower_size), partner_kind from loan(application_id), partner_kind from
--   credit_application(application_id, partner_kind), long_term from loan(tenor_months), npl_rmb from
--   balance_quarter(grade), long_residual_rmb from balance_quarter(extended_due_on), long_residual_rmb from
--   loan(due_on)
-- incremental: quarter
-- period: quarter

-- Notes that are never tech loans are left out before the joins: they are four in five. As in loan_use_month, the wide
-- group is made once per note, as one number.
WITH partnered_application AS (
    SELECT application_id, partner_kind FROM credit_application WHERE partner_kind IN ('investment', 'guarantee')
),
ever_tech AS (
    SELECT * FROM loan WHERE tech_use OR loan_id IN (SELECT loan_id FROM flagged_note)
),
note AS (
    SELECT
        loan_id,
        institution_id,
        COALESCE(borrower_size, 'unknown') AS borrower_size,
        COALESCE(partner_kind, 'none') AS partner_kind,
        COALESCE(tenor_months > 60, FALSE) AS long_term,
        due_on,
        COALESCE(tech_use, FALSE) AS tech_use
    FROM ever_tech
    LEFT JOIN partnered_application ON partnered_application.application_id = ever_tech.application_id
),
note_class AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY institution_id, borrower_size, partner_kind, long_term) AS class_no
    FROM (SELECT DISTINCT institution_id, borrower_size, partner_kind, long_term FROM note) AS classes
),
class_of_note AS (
    SELECT loan_id, class_no, due_on, tech_use
    FROM note
    JOIN note_class USING (institution_id, borrower_size, partner_kind, long_term)
),
horizon AS (
    SELECT DISTINCT month, CAST(month + INTERVAL 60 MONTH AS DATE) AS five_years_on FROM month
),
class_quarter AS (
    SELECT
        balance_quarter.month,
        class_no,
        SUM(CASE WHEN balance_rmb > 0 THEN 1 ELSE 0 END) AS notes,
        SUM(balance_rmb) AS balance_rmb,
        SUM(CASE WHEN grade IN ('FQ03', 'FQ04', 'FQ05') THEN balance_rmb ELSE 0 END) AS npl_rmb,
        SUM(CASE WHEN COALESCE(extended_due_on, due_on) > five_years_on THEN balance_rmb ELSE 0 END) AS long_rmb
    FROM balance_quarter
    JOIN class_of_note USING (loan_id)
    JOIN horizon ON horizon.month = balance_quarter.month
    WHERE tech_enterprise OR tech_use
    GROUP BY balance_quarter.month, class_no
)
SELECT
    month AS quarter,
    institution_id,
    borrower_size,
    partner_kind,
    long_term,
    CAST(notes AS BIGINT) AS notes,
    CAST(balance_rmb AS DECIMAL(18, 2)) AS balance_rmb,
    CAST(npl_rmb AS DECIMAL(18, 2)) AS npl_rmb,
    CAST(long_rmb AS DECIMAL(18, 2)) AS long_residual_rmb
FROM class_quarter
JOIN note_class USING (class_no)
