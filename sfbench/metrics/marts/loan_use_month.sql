-- id: loan_use_month
-- grain: month x bank x used in manufacturing x long-term
-- caption: Balances of all loan notes by use in manufacturing and original tenor of over a year.
-- needs: loan_class_month, note_profile

SELECT month, institution_id, manufacturing, long_term, balance_rmb
FROM loan_class_month
JOIN note_profile ON note_profile.loan_id = use_class
