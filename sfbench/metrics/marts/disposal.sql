-- id: disposal
-- grain: loan note x day on which it, or a part of it, is written off or transferred
-- caption: What banks took off their books.
-- needs: loan_event

SELECT loan_id, event_on, SUM(-amount_rmb) AS disposed_rmb
FROM loan_event
WHERE kind IN ('write_off', 'transfer')
GROUP BY loan_id, event_on
