-- zh: 季末冲时点的银行
-- en: Banks that dress their windows at quarter ends
-- asks: which banks put loans on their books for quarter ends only, from their month-end reports of the span
-- task: gaming_detection
-- tables: bank_month
-- key: institution_id
-- naive: quarter_end_growth

SELECT
    institution_id,
    starts_on IS NOT NULL AS label
FROM register
ORDER BY institution_id
