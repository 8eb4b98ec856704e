-- zh: 新放贷款十八个月内转为不良的比例
-- en: Share of young notes that turn bad within eighteen months
-- asks: of the notes granted in the span, the share that is classed substandard or worse at a month end within eighteen months
-- task: indicator
-- tables: loan, loan_balance
-- sees: known
-- errors: relative
-- naive: bad_loans_today

WITH first_bad AS (
    SELECT
        loan_id,
        MIN(month) AS month
    FROM real.loan_balance
    WHERE grade IN ('FQ03', 'FQ04', 'FQ05')
    GROUP BY loan_id
)

SELECT AVG(CAST(COALESCE(first_bad.month <= granted_on + INTERVAL 18 MONTH, FALSE) AS INT)) AS value
FROM real.loan
LEFT JOIN first_bad USING (loan_id)
WHERE granted_on BETWEEN $first AND $last
