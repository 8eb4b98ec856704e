-- id: rd_loan_quarter
-- grain: quarter of grant x borrower's cluster
-- caption: R&D and fixed-asset notes whose borrower has reported an R&D cycle, and those that last as long as it.
-- needs: month(month), product(product_id, code), loan(enterprise_id, product_id, product_class, granted_on,
--   amount_rmb, tenor_months, purpose), enterprise(enterprise_id, cluster_id), enterprise_report_span
-- optional: cluster_id from enterprise(enterprise_id, cluster_id), matched_notes and matched_rmb from
--   loan(tenor_months), amount_rmb and matched_rmb from loan(amount_rmb)

WITH note AS (
    SELECT
        enterprise_id,
        granted_on,
        LAST_DAY(DATE_TRUNC('quarter', granted_on) + INTERVAL 2 MONTH) AS quarter,
        tenor_months,
        amount_rmb
    FROM loan
    LEFT JOIN product ON product.product_id = loan.product_id
    WHERE loan.product_class = 'F023' OR code IN ('rd', 'policy_tech_rd') OR purpose LIKE '%研发%'
)
SELECT
    quarter,
    cluster_id,
    COUNT(*) AS notes,
    COUNT(*) FILTER (WHERE tenor_months >= rd_cycle) AS matched_notes,
    CAST(SUM(amount_rmb) AS DECIMAL(18, 2)) AS amount_rmb,
    CAST(COALESCE(SUM(amount_rmb) FILTER (WHERE tenor_months >= rd_cycle), 0) AS DECIMAL(18, 2)) AS matched_rmb
FROM note
JOIN enterprise_report_span AS report
    ON report.enterprise_id = note.enterprise_id
    AND granted_on >= first_day
    AND (last_day IS NULL OR granted_on <= last_day)
LEFT JOIN enterprise ON enterprise.enterprise_id = note.enterprise_id
WHERE rd_cycle IS NOT NULL AND quarter IN (SELECT month FROM month)
GROUP BY quarter, cluster_id
