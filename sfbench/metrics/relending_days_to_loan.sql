-- id: relending_days_to_loan
-- measure: 1
-- zh: 政策落地时效
-- en: Days from list push to first drawdown
-- period: quarter
-- component: median | day | not additive | 中位天数 | Median
-- component: p90 | day | not additive | 九成分位天数 | 90th percentile
-- component: first_loans | count | additive | 首笔贷款笔数 | First loans
-- cuts: total, bank
-- direction: down
-- source: metrics.csv: median and p90 of drawdown date - list push date. Decided where it is silent: a ledger note
--   belongs to its enterprise's latest entry of its kind (firm or project) that was pushed by the day of grant,
--   removed or not; only the first note of an entry counts, at whatever bank, in the quarter of its grant. Quantiles
--   are interpolated over the single durations. Entries that have not drawn yet are not in it.
-- source_zh: 首笔放款日减清单推送日的天数，取中位数和九成分位数。补充口径：台账借据归入该企业在放款日前最近一次推送的
--   同类条目（企业或项目），不论其后是否移出；每一条目只取首笔，不限银行，计入放款所在季度。分位数在各条目天数之间插
--   值。尚未放款的条目不计入。
-- needs: month(month), policy_list_entry, relending_note

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
note_entry AS (
    SELECT loan_id, institution_id, granted_on, entry_id, pushed_on
    FROM relending_note AS note
    JOIN policy_list_entry AS entry
        ON entry.enterprise_id = note.enterprise_id AND entry.subject = note.subject AND pushed_on <= granted_on
    WHERE list = 'relending'
    QUALIFY ROW_NUMBER() OVER (PARTITION BY loan_id ORDER BY pushed_on DESC, entry_id) = 1
),
first_note AS (
    SELECT
        LAST_DAY(DATE_TRUNC('quarter', granted_on) + INTERVAL 2 MONTH) AS quarter,
        institution_id,
        granted_on - pushed_on AS days
    FROM note_entry
    QUALIFY ROW_NUMBER() OVER (PARTITION BY entry_id ORDER BY granted_on, loan_id) = 1
),
speed AS (
    SELECT
        quarter,
        'total' AS cut,
        'total' AS cut_value,
        quantile_cont(days, 0.5) AS median,
        quantile_cont(days, 0.9) AS p90,
        COUNT(days) AS first_loans
    FROM quarter
    LEFT JOIN first_note USING (quarter)
    GROUP BY quarter
    UNION ALL
    SELECT
        quarter,
        'bank',
        CAST(institution_id AS VARCHAR),
        quantile_cont(days, 0.5),
        quantile_cont(days, 0.9),
        COUNT(*)
    FROM quarter
    JOIN first_note USING (quarter)
    GROUP BY quarter, institution_id
),
figure AS (
    SELECT quarter, cut, cut_value, 'median' AS component, median AS value FROM speed
    UNION ALL
    SELECT quarter, cut, cut_value, 'p90', p90 FROM speed
    UNION ALL
    SELECT quarter, cut, cut_value, 'first_loans', first_loans FROM speed
)
SELECT
    quarter AS period,
    cut,
    cut_value,
    component,
    value,
    NULL AS scope_version,
    CASE WHEN value IS NULL THEN 'zero base' END AS reason
FROM figure
