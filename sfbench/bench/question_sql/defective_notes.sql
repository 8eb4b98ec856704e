-- zh: 字段有误的借据
-- en: Notes with a wrong field
-- asks: which notes granted in the span, as reported, have a field that is not what it was
-- task: defect_detection
-- tables: loan, enterprise, institution
-- key: loan_id
-- naive: filled_and_in_range

WITH wrong AS (
    SELECT DISTINCT CAST(key ->> '$.loan_id' AS BIGINT) AS loan_id
    FROM labels
    WHERE labels."table" = 'loan' AND NOT decoy
)

SELECT
    seen.loan.loan_id,
    wrong.loan_id IS NOT NULL AS label
FROM seen.loan
JOIN real.loan ON real.loan.loan_id = seen.loan.loan_id
LEFT JOIN wrong ON wrong.loan_id = seen.loan.loan_id
WHERE real.loan.granted_on BETWEEN $first AND $last
ORDER BY 1
