-- id: manufacturing_loan_growth
-- measure: 2
-- zh: 制造业贷款同比增速
-- en: Manufacturing loan growth
-- period: month
-- component: growth | % | not additive | 同比(人行口径) | Growth in the PBOC scope
-- component: growth_nfra | % | not additive | 同比(监管口径) | Growth in the NFRA scope
-- component: growth_notes | % | not additive | 同比(借据) | Growth of loan notes
-- component: balance | CNY 100m | additive | 余额(人行口径) | Balance in the PBOC scope
-- component: balance_nfra | CNY 100m | additive | 余额(监管口径) | Balance in the NFRA scope
-- cuts: total, bank
-- direction: up
-- source: metrics.csv: yoy of manufacturing loan balance (reporting scope stated). Decided where it is silent: two
--   reporting scopes are never mixed, PBOC is the headline and NFRA stands beside it. Growth is over twelve months on
--   one scope version, that of the month's current rows. Where the base month has no row of it, growth is
--   chain-linked over the earliest month with rows of both versions, and refused if there is none; a bank is linked
--   over its own rows, the total over those of the banks that report at both ends, in months in which all of them
--   have the version. growth_notes is of notes used in manufacturing, so without the part that has no notes. From a
--   base below CNY 10 million growth is kept within +-300 and marked 'small base', capped or not.
-- source_zh: 制造业贷款余额同比增速（注明报表口径）。补充口径：两种报表口径不混用，以人行口径为主，监管口径并列。增速
--   为同一口径版本上的12个月同比，版本取当月现行数据的版本。基期月份无该版本的，以最早的两版并行月份链接，无并行月份
--   的不予计算；银行按自身数据链接，合计取首尾两月均报送的银行，且仅在其均报送该版本的月份视为有该版本。借据口径取投
--   向制造业的借据，不含无借据部分。基数低于1000万元的，增速限于±300%以内，并注明“基数过小”，无论是否触及上下限。
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current, manufacturing_loans),
--   bank_loan_month, loan_use_month, report_growth_month

WITH window_month AS (
    SELECT month, LAST_DAY(month - INTERVAL 12 MONTH) AS base_month
    FROM month
    WHERE LAST_DAY(month - INTERVAL 12 MONTH) IN (SELECT month FROM month)
),
note_month AS (
    SELECT
        month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        CAST(SUM(balance_rmb) AS DOUBLE) AS amount
    FROM loan_use_month
    WHERE manufacturing
    GROUP BY GROUPING SETS ((month), (month, institution_id))
),
-- In a month with loan balances a series without a row has the balance 0.
note AS (
    SELECT
        borrowed.cut,
        borrowed.cut_value,
        window_month.month,
        base.amount AS base_amount,
        CASE WHEN month IN (SELECT month FROM bank_loan_month) THEN COALESCE(now.amount, 0) END
        / NULLIF(base.amount, 0) AS quotient
    FROM (SELECT DISTINCT cut, cut_value FROM note_month) AS borrowed
    CROSS JOIN window_month
    LEFT JOIN note_month AS now USING (cut, cut_value, month)
    LEFT JOIN note_month AS base
        ON base.cut = borrowed.cut AND base.cut_value = borrowed.cut_value AND base.month = base_month
),
growth AS (
    SELECT
        month,
        cut,
        cut_value,
        CASE reporting_scope WHEN 'PBOC' THEN 'growth' ELSE 'growth_nfra' END AS component,
        100.0 * (manufacturing_end / NULLIF(manufacturing_base, 0) - 1) AS growth,
        manufacturing_base_rmb AS base_amount,
        scope_version,
        scope_break
    FROM report_growth_month
    UNION ALL
    SELECT month, cut, cut_value, 'growth_notes', 100.0 * (quotient - 1), base_amount, NULL, FALSE
    FROM note
),
report AS (
    SELECT reporting_scope, month, institution_id, scope_version, manufacturing_loans
    FROM bank_month
    WHERE current
),
balance AS (
    SELECT
        month,
        'total' AS cut,
        'total' AS cut_value,
        reporting_scope,
        COALESCE(SUM(manufacturing_loans), 0) AS amount,
        MAX(scope_version) AS scope_version
    FROM month
    CROSS JOIN (VALUES ('PBOC'), ('NFRA')) AS scopes (reporting_scope)
    LEFT JOIN report USING (month, reporting_scope)
    GROUP BY month, reporting_scope
    UNION ALL
    SELECT month, 'bank', CAST(institution_id AS VARCHAR), reporting_scope, SUM(manufacturing_loans), MAX(scope_version)
    FROM report
    WHERE month IN (SELECT month FROM month)
    GROUP BY month, reporting_scope, institution_id
)
SELECT
    month AS period,
    cut,
    cut_value,
    component,
    CASE
        WHEN growth IS NULL OR base_amount >= 1e7 THEN growth
        ELSE GREATEST(LEAST(growth, 300), -300)
    END AS value,
    scope_version,
    CASE
        WHEN scope_break THEN 'scope break without overlap'
        WHEN growth IS NULL THEN 'zero base'
        WHEN base_amount < 1e7 THEN 'small base'
    END AS reason
FROM growth
UNION ALL
SELECT
    month,
    cut,
    cut_value,
    CASE reporting_scope WHEN 'PBOC' THEN 'balance' ELSE 'balance_nfra' END,
    CAST(amount AS DOUBLE) / 1e8,
    scope_version,
    NULL
FROM balance
