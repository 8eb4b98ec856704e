-- zh: 冲高回落
-- en: What rises into a quarter end and falls after it
-- task: gaming_detection
-- question: window_dressers
-- source: Allen and Saunders 1992, window dressing in banking; Munyan 2017 on repo at quarter ends
-- source_zh: Allen和Saunders 1992论银行粉饰报表；Munyan 2017论季末回购

-- The second difference around a quarter end, less what it is around other month ends of the same bank; medians keep
-- one large loan from deciding.
WITH size AS (
    SELECT
        institution_id,
        month,
        LN(CAST(all_loans AS DOUBLE)) AS loans
    FROM bank_month
    WHERE
        current AND reporting_scope = 'PBOC'
        AND month BETWEEN CAST($first AS DATE) AND CAST($last AS DATE)
),

hump AS (
    SELECT
        institution_id,
        MONTH(month) % 3 = 0 AS quarter_end,
        2 * loans - LAG(loans) OVER whole - LEAD(loans) OVER whole AS height
    FROM size
    WINDOW whole AS (PARTITION BY institution_id ORDER BY month)
)

SELECT
    institution_id,
    MEDIAN(height) FILTER (WHERE quarter_end) - MEDIAN(height) FILTER (WHERE NOT quarter_end) AS score
FROM hump
GROUP BY institution_id
