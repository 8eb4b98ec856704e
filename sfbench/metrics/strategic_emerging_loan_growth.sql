-- id: strategic_emerging_loan_growth
-- measure: 2
-- zh: 战略性新兴产业贷款增速
-- en: Strategic-emerging-industry loan growth
-- period: month
-- component: growth | % | not additive | 同比 | Growth
-- component: balance | CNY 100m | additive | 余额 | Balance
-- cuts: total, se_class
-- direction: up
-- source: metrics.csv: yoy of SE-flagged balance. Decided where it is silent: notes with a class by actual use, set
--   at grant, one class a note; the part without notes is not in it. Growth is over twelve months; a month without
--   any loan balance has none. From a base below CNY 10 million growth is kept within +-300 and marked 'small base',
--   capped or not.
-- source_zh: 战略性新兴产业贷款余额同比增速。补充口径：取按实际投向归类的借据，类别在发放时确定，一笔一类；无借据部分
--   不计。增速为12个月同比；没有贷款余额的月份不计算。基数低于1000万元的，增速限于±300%以内，并注明“基数过小”，无论是
--   否触及上下限。
-- needs: month(month), bank_loan_month, loan_use_month

WITH se_month AS (
    SELECT
        month,
        CASE WHEN GROUPING(se) = 1 THEN 'total' ELSE 'se_class' END AS cut,
        CASE WHEN GROUPING(se) = 1 THEN 'total' ELSE se END AS cut_value,
        CAST(SUM(balance_rmb) AS DOUBLE) AS amount
    FROM loan_use_month
    WHERE se IS NOT NULL
    GROUP BY GROUPING SETS ((month), (month, se))
),
series AS (
    SELECT 'total' AS cut, 'total' AS cut_value
    UNION
    SELECT cut, cut_value FROM se_month
),
balance AS (
    SELECT month, cut, cut_value, COALESCE(amount, 0) AS amount, month IN (SELECT month FROM bank_loan_month) AS known
    FROM month
    CROSS JOIN series
    LEFT JOIN se_month USING (month, cut, cut_value)
),
growth AS (
    SELECT
        now.month,
        now.cut,
        now.cut_value,
        base.amount AS base_amount,
        CASE WHEN now.known THEN 100.0 * (now.amount / NULLIF(base.amount, 0) - 1) END AS growth
    FROM balance AS now
    JOIN balance AS base
        ON base.month = LAST_DAY(now.month - INTERVAL 12 MONTH)
        AND base.cut = now.cut
        AND base.cut_value = now.cut_value
)
SELECT
    month AS period,
    cut,
    cut_value,
    'growth' AS component,
    CASE
        WHEN growth IS NULL OR base_amount >= 1e7 THEN growth
        ELSE GREATEST(LEAST(growth, 300), -300)
    END AS value,
    CASE WHEN growth IS NULL THEN 'zero base' WHEN base_amount < 1e7 THEN 'small base' END AS reason
FROM growth
UNION ALL
SELECT month, cut, cut_value, 'balance', amount / 1e8, NULL
FROM balance
