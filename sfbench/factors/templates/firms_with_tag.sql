-- id: firms_with_tag
-- zh: 持有一种资质的企业
-- en: Firms that ever held a qualification
-- table: enterprise_tag
-- parameter: tag | VARCHAR

SELECT DISTINCT enterprise_id FROM enterprise_tag WHERE tag = $tag;

SELECT tag, COUNT(DISTINCT enterprise_id) AS rows_selected FROM enterprise_tag GROUP BY tag;
