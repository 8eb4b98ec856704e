-- zh: 合成借据中的抄录行
-- en: Copied rows among synthetic notes
-- asks: which rows of the synthetic file were copied from the file that was learned from, exactly or with amounts a little off
-- task: synthesiser_quality
-- tables: loan
-- key: row
-- naive: equal_rows

-- A third of the firms each is learned from, held out, and shown as synthetic; a planted copy of a learned note is
-- synthetic, of another nothing.
WITH planted AS (
    SELECT DISTINCT CAST(key ->> '$.loan_id' AS BIGINT) AS loan_id
    FROM labels
    WHERE labels."table" = 'loan' AND NOT decoy
),

noted AS (
    SELECT
        enterprise_id % 3 AS third,
        planted.loan_id IS NOT NULL AS copied,
        loan.*
    FROM seen.loan AS loan
    LEFT JOIN planted ON planted.loan_id = loan.loan_id
    WHERE granted_on BETWEEN $first AND $last
)

SELECT
    CASE WHEN copied OR third = 2 THEN 'synthetic' WHEN third = 0 THEN 'learned' ELSE 'held_out' END AS file,
    copied AS label,
    CAST(amount_rmb AS DOUBLE) AS amount,
    tenor_months,
    CAST(grant_rate AS DOUBLE) AS rate,
    QUARTER(granted_on) AS quarter,
    CAST(borrower_size AS VARCHAR) AS size,
    CAST(borrower_ownership AS VARCHAR) AS ownership,
    CAST(borrower_industry AS VARCHAR) AS industry,
    CAST(product_class AS VARCHAR) AS product,
    CAST(guarantee AS VARCHAR) AS guarantee,
    CAST(rate_kind AS VARCHAR) AS rate_kind
FROM noted
WHERE NOT copied OR third = 0
ORDER BY loan_id
