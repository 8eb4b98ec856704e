"""Equity opens the door to credit: requests soon after a round are approved more often."""

from __future__ import annotations

import duckdb

from sfbench.realism.check import SIZES, Check, Measured, Panel, Result, Series, columns, ratio

# Among firms that ever closed a round, and within a size: requests in the two years after one, and all others.
_EQUITY = """
    WITH asked AS (
        SELECT y.size, a.decision = 'approved' AS yes, EXISTS (
            FROM deal AS d WHERE d.investee_id = a.enterprise_id AND NOT d.secondary
            AND d.closed_on < a.applied_on AND d.closed_on >= a.applied_on - INTERVAL 24 MONTH) AS recent
        FROM credit_application AS a SEMI JOIN deal AS ever ON ever.investee_id = a.enterprise_id
        JOIN enterprise_year AS y ON y.enterprise_id = a.enterprise_id AND y.year = year(a.applied_on)
        WHERE a.decision IN ('approved', 'refused')
    )
    SELECT size, count(*) FILTER (recent) AS n,
           100 * avg(yes::INT) FILTER (recent) AS after, 100 * avg(yes::INT) FILTER (NOT recent) AS other
    FROM asked GROUP BY size HAVING count(DISTINCT recent) = 2 ORDER BY size"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    found = columns(connection, _EQUITY)
    many = int(found["n"].sum())
    lift = ratio(float((found["n"] * (found["after"] - found["other"])).sum()), many)
    places = range(len(found["n"]))
    panel = Panel(
        ("审批通过率", "Approval rate"),
        ("企业规模", "size"),
        ("%", "% of decided requests"),
        (
            Series(("股权融资后两年内", "within two years of a round"), places, found["after"], "points"),
            Series(("其他时候", "at other times"), places, found["other"], "points"),
        ),
        columns=tuple(SIZES[str(size)] for size in found["size"]),
    )
    return Result({"equity_to_approval": Measured(lift, many)}, (panel,))


CHECK = Check(
    "equity_credit",
    "股权与信贷联动",
    "Equity and credit",
    ("deal", "credit_application", "enterprise_year"),
    _compute,
)
