-- zh: 被展期掩盖的不良借据
-- en: Bad notes that an extension hides
-- asks: which notes that are past their first due date on the last day of the span, and graded pass or special mention, would be substandard or worse had none been rolled over without new money
-- task: gaming_detection
-- tables: loan, loan_balance, loan_flow
-- key: loan_id
-- sees: known
-- naive: reported_arrears

SELECT
    shown.loan_id,
    COALESCE(honest.grade IN ('FQ03', 'FQ04', 'FQ05'), FALSE) AS label
FROM real.loan_balance AS shown
JOIN real.loan ON real.loan.loan_id = shown.loan_id
LEFT JOIN twin.loan_balance AS honest ON honest.loan_id = shown.loan_id AND honest.month = shown.month
WHERE shown.month = $last AND shown.grade IN ('FQ01', 'FQ02') AND due_on <= $last
ORDER BY 1
