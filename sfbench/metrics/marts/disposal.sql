-- id: disposal
-- grain: loan note x month in which it, or a part of it, is written off or transferred
-- caption: What banks took off their books.
-- needs: loan_event

SELECT month, loan_id, SUM(-amount_rmb) AS disposed_rmb
FROM loan_event
WHERE disposed
GROUP BY month, loan_id
