-- zh: 按代码精确去重
-- en: One entry a pair of codes
-- task: indicator
-- question: register_total
-- source: deterministic linkage; Christen 2012, Data Matching, chapter 2
-- source_zh: 确定性关联；Christen 2012《数据匹配》，第2章
-- naive: yes

-- Entries of one note code are one note; without it, entries of one credit code, bank and day. Without both, each counts.
WITH keyed AS (
    SELECT
        amount,
        COALESCE(note_code, borrower_uscc || lender_id || granted_on, CAST(entry_id AS VARCHAR)) AS one
    FROM register_entry
    WHERE granted_on BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
)

SELECT CAST(SUM(amount) AS DOUBLE) AS value
FROM (SELECT one, MIN(amount) AS amount FROM keyed GROUP BY one)
