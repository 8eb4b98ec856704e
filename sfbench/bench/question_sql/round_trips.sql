-- zh: 资金回流的借据
-- en: Notes whose money comes back
-- asks: which of the traced notes granted in the span went to a related firm and came back from it
-- task: gaming_detection
-- tables: account_flow, loan
-- also: account_misuse
-- key: loan_id
-- naive: paid_to_related

SELECT
    loan_id,
    misuse = 'round_trip' AS label
FROM real.account_misuse
JOIN real.loan USING (loan_id)
WHERE granted_on BETWEEN $first AND $last
ORDER BY loan_id
