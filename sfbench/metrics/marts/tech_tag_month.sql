-- id: tech_tag_month
-- grain: month x bank x tag
-- caption: Flagged balances and borrowers under every in-scope tag that the borrower holds at the month end.
-- needs: tech_borrower_month(month), tag_span
-- incremental: month

SELECT
    month,
    institution_id,
    tag,
    CAST(SUM(tech_balance_rmb) AS DECIMAL(18, 2)) AS balance_rmb,
    COUNT(*) AS bank_borrowers,
    COUNT(*) FILTER (WHERE first_bank) AS city_borrowers
FROM tech_borrower_month
JOIN tag_span
    ON tag_span.enterprise_id = tech_borrower_month.enterprise_id AND month BETWEEN first_day AND last_day
WHERE tech_balance_rmb > 0
GROUP BY month, institution_id, tag
