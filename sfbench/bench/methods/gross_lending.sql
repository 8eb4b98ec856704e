-- zh: 政策对象贷款全部算作净增
-- en: All that was lent under the policy
-- task: indicator
-- question: additional_lending
-- source: reports that name what was lent under a programme as what it brought
-- naive: yes

SELECT 1.0 AS value
