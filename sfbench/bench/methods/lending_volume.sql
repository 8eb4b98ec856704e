-- zh: 按贷款规模
-- en: By volume of lending
-- task: allocation
-- question: effect_per_yuan
-- source: quotas in proportion to what was lent before
-- source_zh: 额度按此前贷款规模分配
-- naive: yes

SELECT
    district_id,
    SUM(amount_rmb) AS score
FROM loan
JOIN enterprise USING (enterprise_id)
JOIN register USING (enterprise_id)
WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
GROUP BY district_id
