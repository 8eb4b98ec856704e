-- zh: 政策对象贷款全部算作净增
-- en: All that was lent under the policy
-- task: indicator
-- question: additional_lending
-- source: reports that name what was lent under a programme as what it brought
-- source_zh: 把政策项下发放的贷款称作政策带来的贷款的报告
-- naive: yes

SELECT 1.0 AS value
