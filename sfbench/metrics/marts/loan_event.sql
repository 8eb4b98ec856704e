-- id: loan_event
-- grain: loan note x month x row of an event
-- caption: What was drawn under notes and what banks took off their books: the rows that marts ask for of the many
--   flows, taken once, with the end of the month. What is disposed of is written off or transferred.
-- needs: loan_flow(loan_id, event_on, kind, amount_rmb)
-- incremental: month

SELECT LAST_DAY(event_on) AS month, loan_id, kind <> 'drawdown' AS disposed, amount_rmb
FROM loan_flow
WHERE kind IN ('drawdown', 'write_off', 'transfer')
