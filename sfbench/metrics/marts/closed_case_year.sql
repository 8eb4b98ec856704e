-- id: closed_case_year
-- grain: year x bank x outcome x tech
-- caption: Accountability cases closed in the year, tech if the note is of tech use or the firm held a tag when opened.
-- needs: accountability_case(case_id, loan_id, npl_principal, opened_on, decided_on, outcome), loan(loan_id,
--   enterprise_id, institution_id, tech_use), tag_span

WITH closed_case AS (
    SELECT
        case_id,
        institution_id,
        enterprise_id,
        COALESCE(tech_use, FALSE) AS tech_use,
        npl_principal,
        opened_on,
        decided_on,
        outcome
    FROM accountability_case
    JOIN loan ON loan.loan_id = accountability_case.loan_id
    WHERE decided_on IS NOT NULL
),
tagged_case AS (
    SELECT DISTINCT case_id
    FROM closed_case
    JOIN tag_span
        ON tag_span.enterprise_id = closed_case.enterprise_id AND opened_on BETWEEN first_day AND last_day
)
SELECT
    LAST_DAY(DATE_TRUNC('year', decided_on) + INTERVAL 11 MONTH) AS year_end,
    institution_id,
    outcome,
    tech_use OR tagged_case.case_id IS NOT NULL AS tech,
    COUNT(*) AS cases,
    CAST(SUM(npl_principal) AS DECIMAL(18, 2)) AS npl_principal
FROM closed_case
LEFT JOIN tagged_case ON tagged_case.case_id = closed_case.case_id
GROUP BY ALL
