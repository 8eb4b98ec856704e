-- zh: 缺报按均值
-- en: What is missing is average
-- task: bank_ranking
-- question: bad_loan_rank
-- source: OECD and JRC 2008, Handbook, step 3: mean imputation
-- source_zh: 经合组织与欧盟联合研究中心《综合指标构建手册》，2008年，第3步，均值填补
-- naive: yes

-- A bank without a report gets the mean of those that reported.
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
    -COALESCE(seen.ratio, AVG(seen.ratio) OVER ()) AS score
FROM institution
LEFT JOIN seen USING (institution_id)
WHERE institution.kind = 'bank'
