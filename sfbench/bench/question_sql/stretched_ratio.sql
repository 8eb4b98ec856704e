-- zh: 研发强度凑线的企业
-- en: Firms that stretch over a floor of the R&D ratio
-- asks: which firms that reported the year stretched their R&D spending to just above the legal floor for firms of their revenue (5, 4, 3 % of revenue up to 50 m, up to 200 m and beyond)
-- task: gaming_detection
-- tables: enterprise_year
-- also: rd_stretch
-- key: enterprise_id
-- naive: three_percent_line

SELECT
    report.enterprise_id,
    stretch.enterprise_id IS NOT NULL AS label
FROM real.enterprise_year AS report
LEFT JOIN real.rd_stretch AS stretch ON stretch.enterprise_id = report.enterprise_id AND stretch.year = report.year
WHERE report.period_end = $last AND NOT report.preliminary
ORDER BY 1
