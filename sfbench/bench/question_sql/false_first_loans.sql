-- zh: 虚报的首贷
-- en: First loans that are none
-- asks: which of the notes of the span that are reported as a borrower's first loan are not of its first contract ever
-- task: linkage
-- tables: loan
-- key: loan_id
-- naive: as_reported

SELECT
    seen.loan.loan_id,
    NOT real.loan.first_loan AS label
FROM seen.loan
JOIN real.loan ON real.loan.loan_id = seen.loan.loan_id
WHERE seen.loan.first_loan AND seen.loan.granted_on BETWEEN $first AND $last
ORDER BY 1
