-- zh: 缺报按最差
-- en: What is missing is as bad as the worst decile
-- task: bank_ranking
-- question: bad_loan_rank
-- source: a penalty for not reporting, as supervisors set it; design S18
-- source_zh: 监管对不报送的处罚；设计文档S18

-- A bank without a report is taken to have a reason.
WITH seen AS (
    SELECT
        institution_id,
        AVG(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS ratio
    FROM bank_month
    WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
    GROUP BY institution_id
)

SELECT
    institution.institution_id,
    -COALESCE(seen.ratio, QUANTILE_CONT(seen.ratio, 0.9) OVER ()) AS score
FROM institution
LEFT JOIN seen USING (institution_id)
WHERE institution.kind = 'bank'
