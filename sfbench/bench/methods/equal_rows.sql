-- zh: 完全相同的行
-- en: Rows that are equal
-- task: synthesiser_quality
-- question: copied_notes
-- source: the check for exact duplicates of synthesiser packages
-- source_zh: 合成数据软件包的完全重复检查
-- naive: yes

WITH known AS (SELECT DISTINCT * FROM learned)

SELECT
    row,
    CAST(known.amount IS NOT NULL AS INT) AS score,
    known.amount IS NOT NULL AS flagged
FROM synthetic
LEFT JOIN known USING (amount, tenor_months, rate, quarter, size, ownership, industry, product, guarantee, rate_kind)
