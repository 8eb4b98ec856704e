-- id: accountability_exemption_rate
-- measure: 9
-- zh: 尽职免责率
-- en: Exemption rate of accountability cases
-- period: year
-- component: rate | % | not additive | 免责率 | Share exempted
-- component: rate_with_partly | % | not additive | 免责率(含部分免责) | Share exempted in whole or in part
-- component: rate_principal | % | not additive | 免责率(按不良本金) | Share exempted by principal
-- component: rate_tech | % | not additive | 科技贷款免责率 | Share exempted of cases on tech loans
-- component: closed | count | additive | 办结件数 | Cases closed
-- cuts: total, bank
-- direction: none
-- source: metrics.csv: exempted / closed cases. Decided where it is silent: cases closed in the year, whenever opened;
--   an open case is in no base; a case is on a tech loan if the note is of tech use or the borrower was a tech
--   enterprise on the day it was opened; the bank is the note's lender. Low is not bad nor high good, so there is no
--   direction.
-- source_zh: 免责件数占办结件数的比例。补充口径：取当年办结的案件，不论何时立案，未办结的不计入分母；借据投向科技，或
--   立案日借款人为科技型企业的，为科技贷款案件；银行为借据的贷款银行。该比例高低均无优劣之分，故不设方向。
-- needs: month(month), closed_case_year

WITH year_end AS (
    SELECT month AS year_end FROM month WHERE MONTH(month) = 12
),
closed_case AS (
    SELECT
        year_end,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(COALESCE(SUM(cases), 0) AS DOUBLE) AS closed,
        CAST(COALESCE(SUM(cases) FILTER (WHERE outcome = 'exempted'), 0) AS DOUBLE) AS exempted,
        CAST(COALESCE(SUM(cases) FILTER (WHERE outcome IN ('exempted', 'partly')), 0) AS DOUBLE) AS exempted_or_partly,
        CAST(SUM(npl_principal) AS DOUBLE) AS principal,
        CAST(COALESCE(SUM(npl_principal) FILTER (WHERE outcome = 'exempted'), 0) AS DOUBLE) AS exempted_principal,
        CAST(SUM(cases) FILTER (WHERE tech) AS DOUBLE) AS tech,
        CAST(COALESCE(SUM(cases) FILTER (WHERE tech AND outcome = 'exempted'), 0) AS DOUBLE) AS exempted_tech
    FROM year_end
    LEFT JOIN closed_case_year USING (year_end)
    GROUP BY GROUPING SETS ((year_end), (year_end, institution_id))
    HAVING GROUPING(institution_id) = 1 OR institution_id IS NOT NULL
),
figure AS (
    SELECT
        year_end,
        cut,
        cut_value,
        100.0 * exempted / NULLIF(closed, 0) AS rate,
        100.0 * exempted_or_partly / NULLIF(closed, 0) AS rate_with_partly,
        100.0 * exempted_principal / NULLIF(principal, 0) AS rate_principal,
        100.0 * exempted_tech / NULLIF(tech, 0) AS rate_tech,
        closed
    FROM closed_case
)
SELECT
    year_end AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
UNPIVOT INCLUDE NULLS (value FOR component IN (rate, rate_with_partly, rate_principal, rate_tech, closed))
