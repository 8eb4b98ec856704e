-- id: report_growth_month
-- grain: reporting scope x month x total or bank
-- caption: Twelve months' growth of what banks report, like for like, as the end over the base: on the scope version
--   that is current in the month, chain-linked over the earliest month reported in both versions where the month a year
--   before has no row of it; the end and the base are then products of two amounts. The total is of the banks that
--   report at both ends, and stands on a version only in months in which all of them report on it; a bank is linked
--   over its own rows. No such month is a break (scope_break), and no growth. manufacturing_base_rmb is what was
--   reported a year before.
-- needs: month(month), bank_month(month, institution_id, reporting_scope, scope_version, current,
--   tech_enterprise_loans, manufacturing_loans)
-- optional: tech_enterprise_end and tech_enterprise_base from bank_month(tech_enterprise_loans), manufacturing_end and
--   manufacturing_base and manufacturing_base_rmb from bank_month(manufacturing_loans)

WITH window_month AS (
    SELECT month, LAST_DAY(month - INTERVAL 12 MONTH) AS base_month
    FROM month
    WHERE LAST_DAY(month - INTERVAL 12 MONTH) IN (SELECT month FROM month)
),
reporter AS (
    SELECT DISTINCT reporting_scope, month, institution_id FROM bank_month
),
-- A total of more banks at one end than at the other would grow or fall by them.
compared AS (
    SELECT
        reporting_scope,
        window_month.month,
        base_month,
        institution_id,
        COUNT(*) OVER (PARTITION BY reporting_scope, window_month.month) AS banks
    FROM window_month
    JOIN reporter AS now ON now.month = window_month.month
    JOIN reporter AS base USING (reporting_scope, institution_id)
    WHERE base.month = base_month
),
-- What the growth of a month may need: the reports of that month, of its base and of those between.
series AS (
    SELECT
        reporting_scope,
        compared.month,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
        CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
        scope_version,
        bank_month.month AS report_month,
        CAST(SUM(tech_enterprise_loans) AS DOUBLE) AS tech_enterprise,
        CAST(SUM(manufacturing_loans) AS DOUBLE) AS manufacturing
    FROM compared
    JOIN bank_month USING (reporting_scope, institution_id)
    WHERE bank_month.month BETWEEN base_month AND compared.month
    GROUP BY GROUPING SETS (
        (reporting_scope, compared.month, scope_version, bank_month.month),
        (reporting_scope, compared.month, scope_version, bank_month.month, institution_id)
    )
    HAVING GROUPING(institution_id) = 0 OR COUNT(*) = MAX(banks)
),
version AS (
    SELECT reporting_scope, month, MAX(scope_version) AS scope_version
    FROM bank_month
    WHERE current
    GROUP BY reporting_scope, month
),
-- Every series of a scope in every month of the window, also where it has no row.
version_pair AS (
    SELECT
        cut,
        cut_value,
        reporting_scope,
        window_month.month,
        base_month,
        now.scope_version AS version_now,
        base.scope_version AS version_base
    FROM (
        SELECT reporting_scope, 'bank' AS cut, CAST(institution_id AS VARCHAR) AS cut_value FROM reporter
        UNION
        SELECT reporting_scope, 'total', 'total' FROM reporter
    ) AS unit
    CROSS JOIN window_month
    LEFT JOIN version AS now USING (reporting_scope, month)
    LEFT JOIN version AS base
        ON base.reporting_scope = unit.reporting_scope AND base.month = base_month
),
overlap AS (
    SELECT pair.reporting_scope, pair.cut, pair.cut_value, pair.month, MIN(new.report_month) AS link_month
    FROM version_pair AS pair
    JOIN series AS new
        ON new.reporting_scope = pair.reporting_scope AND new.cut = pair.cut AND new.cut_value = pair.cut_value
        AND new.month = pair.month AND new.scope_version = version_now
    JOIN series AS old
        ON old.reporting_scope = pair.reporting_scope AND old.cut = pair.cut AND old.cut_value = pair.cut_value
        AND old.month = pair.month AND old.scope_version = version_base AND old.report_month = new.report_month
    WHERE version_now <> version_base
    GROUP BY pair.reporting_scope, pair.cut, pair.cut_value, pair.month
)
-- A row of the current version at the base makes the link needless: its own growth is like for like.
SELECT
    pair.reporting_scope,
    pair.month,
    pair.cut,
    pair.cut_value,
    version_now AS scope_version,
    last_new.month IS NOT NULL AND same.month IS NULL AND first_old.month IS NOT NULL AND link_month IS NULL
    AS scope_break,
    last_new.tech_enterprise
    * CASE WHEN same.month IS NULL THEN last_old.tech_enterprise ELSE 1 END AS tech_enterprise_end,
    CASE
        WHEN same.month IS NULL THEN first_new.tech_enterprise * first_old.tech_enterprise
        ELSE same.tech_enterprise
    END AS tech_enterprise_base,
    last_new.manufacturing * CASE WHEN same.month IS NULL THEN last_old.manufacturing ELSE 1 END AS manufacturing_end,
    CASE
        WHEN same.month IS NULL THEN first_new.manufacturing * first_old.manufacturing
        ELSE same.manufacturing
    END AS manufacturing_base,
    CASE WHEN same.month IS NULL THEN first_old.manufacturing ELSE same.manufacturing END AS manufacturing_base_rmb
FROM version_pair AS pair
LEFT JOIN overlap USING (reporting_scope, cut, cut_value, month)
LEFT JOIN series AS last_new
    ON (last_new.reporting_scope, last_new.cut, last_new.cut_value)
    = (pair.reporting_scope, pair.cut, pair.cut_value)
    AND (last_new.month, last_new.scope_version, last_new.report_month) = (pair.month, version_now, pair.month)
LEFT JOIN series AS same
    ON (same.reporting_scope, same.cut, same.cut_value)
    = (pair.reporting_scope, pair.cut, pair.cut_value)
    AND (same.month, same.scope_version, same.report_month) = (pair.month, version_now, base_month)
LEFT JOIN series AS first_new
    ON (first_new.reporting_scope, first_new.cut, first_new.cut_value)
    = (pair.reporting_scope, pair.cut, pair.cut_value)
    AND (first_new.month, first_new.scope_version, first_new.report_month) = (pair.month, version_now, link_month)
LEFT JOIN series AS last_old
    ON (last_old.reporting_scope, last_old.cut, last_old.cut_value)
    = (pair.reporting_scope, pair.cut, pair.cut_value)
    AND (last_old.month, last_old.scope_version, last_old.report_month) = (pair.month, version_base, link_month)
LEFT JOIN series AS first_old
    ON (first_old.reporting_scope, first_old.cut, first_old.cut_value)
    = (pair.reporting_scope, pair.cut, pair.cut_value)
    AND (first_old.month, first_old.scope_version, first_old.report_month) = (pair.month, version_base, base_month)
