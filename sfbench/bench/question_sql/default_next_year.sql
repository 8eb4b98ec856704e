-- zh: 一年内转为不良的借款企业
-- en: Borrowers that turn bad within a year
-- asks: which borrowers in good standing on the last day of the span have a note classed substandard or worse a year later or before
-- task: early_warning
-- tables: loan, loan_balance, enterprise, enterprise_year
-- key: enterprise_id
-- sees: known
-- naive: overdue_days

WITH borrower AS (
    SELECT
        enterprise_id,
        BOOL_OR(grade IN ('FQ03', 'FQ04', 'FQ05')) AS bad
    FROM real.loan_balance
    JOIN real.loan USING (loan_id)
    WHERE month = $last
    GROUP BY enterprise_id
),

later AS (
    SELECT DISTINCT enterprise_id
    FROM real.loan_balance
    JOIN real.loan USING (loan_id)
    WHERE month > $last AND month <= $last + INTERVAL 1 YEAR AND grade IN ('FQ03', 'FQ04', 'FQ05')
)

SELECT
    borrower.enterprise_id,
    later.enterprise_id IS NOT NULL AS label
FROM borrower
LEFT JOIN later USING (enterprise_id)
WHERE NOT borrower.bad
ORDER BY 1
