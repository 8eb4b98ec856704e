"""What hangs together in the field hangs together here, with the right sign and a believable strength."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio
from sfbench.realism.statistics import spearman

# Among firms that ever hold a tag in scope, and within a size: requests made with and without one.
_TAG = """
    WITH decided AS (
        SELECT y.size, a.decision = 'approved' AS yes, EXISTS (
            FROM enterprise_tag AS t WHERE t.in_scope AND t.enterprise_id = a.enterprise_id
            AND a.applied_on BETWEEN greatest(t.valid_from, t.published_on) AND t.valid_to) AS tagged
        FROM credit_application AS a
        SEMI JOIN (FROM enterprise_tag WHERE in_scope) AS ever USING (enterprise_id)
        JOIN enterprise_year AS y ON y.enterprise_id = a.enterprise_id AND y.year = year(a.applied_on)
        WHERE a.decision IN ('approved', 'refused')
    )
    SELECT count(*) FILTER (NOT tagged) AS n,
           100 * (avg(yes::INT) FILTER (tagged) - avg(yes::INT) FILTER (NOT tagged)) AS lift
    FROM decided GROUP BY size HAVING count(DISTINCT tagged) = 2"""
_SIZE = """
    SELECT any_value(y.revenue)::DOUBLE AS revenue, avg(a.amount_requested)::DOUBLE AS amount
    FROM credit_application AS a JOIN enterprise_year AS y
      ON y.enterprise_id = a.enterprise_id AND y.year = year(a.applied_on) - 1
    WHERE y.revenue > 0 GROUP BY a.enterprise_id, y.year"""
_RATE = """
    SELECT n.grant_rate::DOUBLE - avg(n.grant_rate::DOUBLE) OVER (
               PARTITION BY last_day(n.granted_on), n.borrower_size, n.tenor_months >= 60) AS spread,
           y.innovation_points::DOUBLE AS points, y.profit::DOUBLE / y.revenue::DOUBLE AS margin
    FROM loan AS n JOIN enterprise_year AS y ON y.enterprise_id = n.enterprise_id AND y.year = year(n.granted_on) - 1
    WHERE n.currency = 'CNY' AND y.revenue > 0 AND y.innovation_points IS NOT NULL"""
# Sound borrowers of a year end, whether they were a worry then, and whether they fall overdue in the year after.
_WORRY = """
    WITH late AS (
        SELECT enterprise_id, min(month) AS first FROM loan_balance JOIN loan USING (loan_id)
        WHERE overdue_days > 0 GROUP BY enterprise_id
    ), held AS (
        SELECT enterprise_id, year(month) AS year, bool_or(grade = 'FQ02') AS watched
        FROM loan_balance JOIN loan USING (loan_id)
        WHERE month(month) = 12 AND year(month) < (SELECT max(year(month)) FROM loan_balance) GROUP BY ALL
    )
    SELECT h.watched, y.profit < 0 AS loss, count(*) AS n, count(*) FILTER (year(first) = h.year + 1) AS defaults
    FROM held AS h LEFT JOIN late USING (enterprise_id)
    LEFT JOIN enterprise_year AS y ON y.enterprise_id = h.enterprise_id AND y.year = h.year
    WHERE first IS NULL OR year(first) > h.year GROUP BY ALL"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    tag = columns(connection, _TAG)
    size, rate, worry = (columns(connection, sql) for sql in (_SIZE, _RATE, _WORRY))
    asked = int(tag["n"].sum())
    figures = {
        "tag_to_approval": Measured(ratio(float((tag["n"] * tag["lift"]).sum()), asked), asked),
        "size_to_amount": Measured(spearman(size["revenue"], size["amount"]), len(size["revenue"])),
        "margin_to_rate": Measured(spearman(rate["margin"], rate["spread"]), len(rate["spread"])),
        "points_to_rate": Measured(spearman(rate["points"], rate["spread"]), len(rate["spread"])),
        "watched_to_default": _relative_risk(worry, "watched"),
        "loss_to_default": _relative_risk(worry, "loss"),
    }
    thin = slice(None, None, max(1, len(size["revenue"]) // 2000))
    cloud = Series(("企业年", "firm-years"), size["revenue"][thin], size["amount"][thin], "points")
    panel = Panel(
        ("企业规模与申请金额", "Size and amount asked for"),
        ("上年营业收入(元)", "revenue of the year before, CNY"),
        ("平均申请金额(元)", "mean amount, CNY"),
        (cloud,),
        log_x=True,
        log_y=True,
    )
    return Result(figures, (panel,))


def _relative_risk(found: dict[str, np.ndarray], sign: str) -> Measured:
    """Chance of default with the sign over that without; observations are defaults of the rarer kind."""
    # numpy makes numbers of an empty list: before the first year end no borrower is seen.
    told = np.array([cell is not None and cell == cell for cell in found[sign].tolist()], dtype=bool)
    has = np.array([bool(cell) for cell in found[sign].tolist()], dtype=bool) & told
    n, bad = ([int(found[name][rows].sum()) for rows in (has, told & ~has)] for name in ("n", "defaults"))
    value = (bad[0] / n[0]) / (bad[1] / n[1]) if n[0] and n[1] and bad[1] else None
    return Measured(value, min(bad))


CHECK = Check(
    "correlations",
    "关联强度",
    "Signs and sizes of relations",
    ("credit_application", "enterprise_tag", "enterprise_year", "loan", "loan_balance"),
    _compute,
)
