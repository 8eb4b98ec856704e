-- zh: 按资质登记冻结名单
-- en: The first date's list by the register of tags, frozen
-- task: indicator
-- question: stayer_growth
-- source: stayer decomposition on the authority's list; design S32
-- source_zh: 按主管部门名单分解留存企业；设计文档S32

WITH listed AS (
    SELECT DISTINCT enterprise_id
    FROM enterprise_tag
    WHERE
        in_scope AND published_on <= LAST_DAY(CAST($first AS DATE))
        AND LAST_DAY(CAST($first AS DATE)) BETWEEN valid_from AND valid_to
)

SELECT
    CAST(SUM(balance_rmb) FILTER (WHERE month = CAST($last AS DATE)) AS DOUBLE)
    / CAST(SUM(balance_rmb) FILTER (WHERE month = LAST_DAY(CAST($first AS DATE))) AS DOUBLE) - 1 AS value
FROM loan_balance
JOIN loan USING (loan_id)
JOIN listed USING (enterprise_id)
