-- zh: 各登记簿直接加总
-- en: Sum over all registers
-- task: indicator
-- question: register_total
-- source: what a report that lists the registers one below the other adds up to
-- source_zh: 把各登记簿逐一列出、直接相加的报告
-- naive: yes

SELECT CAST(SUM(amount) AS DOUBLE) AS value
FROM register_entry
WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
