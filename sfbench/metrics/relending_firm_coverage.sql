-- id: relending_firm_coverage
-- measure: 1
-- zh: 再贷款惠及主体覆盖率
-- en: Coverage of relending
-- period: quarter
-- component: coverage | % | not additive | 覆盖率 | Eligible firms with a supported loan outstanding
-- component: coverage_ever | % | not additive | 累计覆盖率 | Eligible firms ever supported
-- component: supported | count | additive | 在贷主体数 | Firms with a supported loan outstanding
-- component: eligible | count | additive | 合格主体数 | Eligible firms
-- cuts: total, tag, size, district
-- direction: up
-- target: > value 12 months earlier
-- source: metrics.csv: distinct subjects with a supported loan / distinct eligible subjects. Decided where it is
--   silent: eligible is a living firm of the city with an in-scope tag that is valid and published at the quarter's
--   end, or with an equipment-renewal project in work; the 2026 lot adds none, because its threshold of high R&D is
--   not published. Supported is an eligible firm with a ledger note entered by then that has a balance, so a firm
--   that has lost its tag is in neither part; ever: repaid or not. A firm stands under each of its tags; its size is
--   that of the latest year reported by then, firms without a report are in no size. A quarter end without any loan
--   note has no coverage.
-- source_zh: 有再贷款支持贷款的主体数占合格主体数的比例，均去重。补充口径：合格主体为季末标签有效且已公布的本市存续企
--   业，或有在建设备更新项目的企业；2026年批次的高研发门槛未公布，不增加合格主体。支持指合格主体截至季末有已入台账且
--   有余额的借据，已失去资格的在分子分母中均不计；累计口径不论是否已还清。企业计入其所持的每个标签；规模取截至当时最
--   近一次年报，无年报的不进入规模分组。没有借据的季末不计算覆盖率。
-- needs: month(month), bank_loan_month, relending_firm_quarter

WITH quarter AS (
    SELECT month AS quarter FROM month WHERE MONTH(month) IN (3, 6, 9, 12)
),
firm AS (
    SELECT * FROM relending_firm_quarter WHERE tag = 'any'
),
level AS (
    SELECT
        quarter,
        'total' AS cut,
        'total' AS cut_value,
        COALESCE(SUM(eligible), 0) AS eligible,
        COALESCE(SUM(supported), 0) AS supported,
        COALESCE(SUM(ever_supported), 0) AS ever_supported
    FROM quarter
    LEFT JOIN firm USING (quarter)
    GROUP BY quarter
    UNION ALL
    SELECT quarter, 'tag', tag, SUM(eligible), SUM(supported), SUM(ever_supported)
    FROM relending_firm_quarter
    WHERE tag <> 'any'
    GROUP BY quarter, tag
    UNION ALL
    SELECT quarter, 'size', size, SUM(eligible), SUM(supported), SUM(ever_supported)
    FROM firm
    WHERE size IS NOT NULL
    GROUP BY quarter, size
    UNION ALL
    SELECT quarter, 'district', CAST(district_id AS VARCHAR), SUM(eligible), SUM(supported), SUM(ever_supported)
    FROM firm
    WHERE district_id IS NOT NULL
    GROUP BY quarter, district_id
),
-- A quarter end without any note has no balances: who owes is not known.
owing AS (
    SELECT *, CASE WHEN quarter IN (SELECT month FROM bank_loan_month) THEN supported END AS owing FROM level
),
figure AS (
    SELECT
        quarter,
        cut,
        cut_value,
        'coverage' AS component,
        100.0 * CAST(owing AS DOUBLE) / NULLIF(CAST(eligible AS DOUBLE), 0) AS value
    FROM owing
    UNION ALL
    SELECT
        quarter,
        cut,
        cut_value,
        'coverage_ever',
        100.0 * CAST(ever_supported AS DOUBLE) / NULLIF(CAST(eligible AS DOUBLE), 0)
    FROM level
    UNION ALL
    SELECT quarter, cut, cut_value, 'supported', owing FROM owing
    UNION ALL
    SELECT quarter, cut, cut_value, 'eligible', eligible FROM level
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
