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
version AS (
    SELECT reporting_scope, month, MAX(scope_version) AS scope_version
    FROM bank_month
    WHERE current
    GROUP BY reporting_scope, month
),
version_pair AS (
    SELECT
        reporting_scope,
        window_month.month,
        base_month,
        now.scope_version AS version_now,
        base.scope_version AS version_base
    FROM (SELECT DISTINCT reporting_scope FROM reporter) AS scope
    CROSS JOIN window_month
    LEFT JOIN version AS now USING (reporting_scope, month)
    LEFT JOIN version AS base
        ON base.reporting_scope = scope.reporting_scope AND base.month = base_month
),
-- What the growth of a month may need: the reports of that month and of its base, and of those between for a link.
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
    JOIN version_pair USING (reporting_scope, month)
    JOIN bank_month USING (reporting_scope, institution_id)
    WHERE bank_month.month BETWEEN compared.base_month AND compared.month
        AND (version_now <> version_base OR bank_month.month IN (compared.base_month, compared.month))
    GROUP BY GROUPING SETS (
        (reporting_scope, compared.month, scope_version, bank_month.month),
        (reporting_scope, compared.month, scope_version, bank_month.month, institution_id)
    )
    HAVING GROUPING(institution_id) = 0 OR COUNT(*) = MAX(banks)
),
-- Every series of a scope in every month of the window, also where it has no row.
pair AS (
    SELECT cut, cut_value, version_pair.*
    FROM (
        SELECT reporting_scope, 'bank' AS cut, CAST(institution_id AS VARCHAR) AS cut_value FROM reporter
        UNION
        SELECT reporting_scope, 'total', 'total' FROM reporter
    ) AS unit
    JOIN version_pair USING (reporting_scope)
),
-- The earliest month that is reported in both versions.
link AS (
    SELECT reporting_scope, cut, cut_value, month, MIN(report_month) AS link_month
    FROM (
        SELECT reporting_scope, cut, cut_value, month, report_month
        FROM pair
        JOIN series USING (reporting_scope, cut, cut_value, month)
        WHERE version_now <> version_base AND scope_version IN (version_now, version_base)
        GROUP BY reporting_scope, cut, cut_value, month, report_month
        HAVING COUNT(*) = 2
    ) AS in_both
    GROUP BY reporting_scope, cut, cut_value, month
),
-- One row may be two of these: the link month may be the last one.
report AS (
    SELECT
        reporting_scope,
        cut,
        cut_value,
        month,
        version_now,
        link_month,
        scope_version = version_now AND report_month = month AS last_new,
        scope_version = version_now AND report_month = base_month AS same,
        scope_version = version_now AND report_month = link_month AS first_new,
        scope_version = version_base AND report_month = link_month AS last_old,
        scope_version = version_base AND report_month = base_month AS first_old,
        tech_enterprise,
        manufacturing
    FROM pair
    LEFT JOIN link USING (reporting_scope, cut, cut_value, month)
    LEFT JOIN series USING (reporting_scope, cut, cut_value, month)
),
growth AS (
    SELECT
        reporting_scope,
        month,
        cut,
        cut_value,
        version_now,
        link_month,
        COALESCE(BOOL_OR(last_new), FALSE) AS reported_now,
        COALESCE(BOOL_OR(same), FALSE) AS unlinked,
        COALESCE(BOOL_OR(first_old), FALSE) AS reported_before,
        MAX(tech_enterprise) FILTER (WHERE last_new) AS tech_last_new,
        MAX(tech_enterprise) FILTER (WHERE same) AS tech_same,
        MAX(tech_enterprise) FILTER (WHERE first_new) AS tech_first_new,
        MAX(tech_enterprise) FILTER (WHERE last_old) AS tech_last_old,
        MAX(tech_enterprise) FILTER (WHERE first_old) AS tech_first_old,
        MAX(manufacturing) FILTER (WHERE last_new) AS manufacturing_last_new,
        MAX(manufacturing) FILTER (WHERE same) AS manufacturing_same,
        MAX(manufacturing) FILTER (WHERE first_new) AS manufacturing_first_new,
        MAX(manufacturing) FILTER (WHERE last_old) AS manufacturing_last_old,
        MAX(manufacturing) FILTER (WHERE first_old) AS manufacturing_first_old
    FROM report
    GROUP BY reporting_scope, month, cut, cut_value, version_now, link_month
)
-- A row of the current version at the base makes the link needless: its own growth is like for like.
SELECT
    reporting_scope,
    month,
    cut,
    cut_value,
    version_now AS scope_version,
    reported_now AND NOT unlinked AND reported_before AND link_month IS NULL AS scope_break,
    tech_last_new * CASE WHEN unlinked THEN 1 ELSE tech_last_old END AS tech_enterprise_end,
    CASE WHEN unlinked THEN tech_same ELSE tech_first_new * tech_first_old END AS tech_enterprise_base,
    manufacturing_last_new * CASE WHEN unlinked THEN 1 ELSE manufacturing_last_old END AS manufacturing_end,
    CASE
        WHEN unlinked THEN manufacturing_same
        ELSE manufacturing_first_new * manufacturing_first_old
    END AS manufacturing_base,
    CASE WHEN unlinked THEN manufacturing_same ELSE manufacturing_first_old END AS manufacturing_base_rmb
FROM growth
