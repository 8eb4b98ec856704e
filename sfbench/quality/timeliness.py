"""Freshness and completeness of a table: rows go on coming, and no month between is empty."""

from __future__ import annotations

from collections.abc import Iterator

from sfbench.quality.expectation import ROWS, Expectation
from sfbench.quality.tallies import tallies, tally
from sfbench.spec import Table

_SPAN = 36  # months that are looked at
_YEARS = 24  # months of a table's life that tell how it usually comes
_FULL = 60  # rows: where so many are due, some come, even if ten come at a time, as calls of a fund do
_YEAR = 12  # months with rows, and one without: so a table comes monthly


def timeliness(table: Table) -> Iterator[Expectation]:
    """Expectations of a table that goes on growing; none of those that are lists, or have no day."""
    if table.name == "month" or (table.grows == "fixed" and "month" not in table.key):
        return
    if table.known_on:
        yield Expectation(
            id=f"{table.name}.fresh",
            severity="warning",
            zh=f"{table.zh}仍在更新：末尾无新数据的月数至多比此前最长间隔多一个月",
            en=f"{table.en}: still comes in; it is quiet at the end for one month more than ever before, at most",
            finds_zh="数据停止更新",
            finds_en="a feed that has stopped",
            query=_fresh(_days(table, table.known_on)),
            type=ROWS,
            measures=table.measures,
            where=table.where,
        )
    if table.event_on:
        yield Expectation(
            id=f"{table.name}.months",
            severity="warning",
            zh=f"按月更新时，{table.zh}在各有{_FULL}行以上的两个月之间没有空缺的月份",
            en=f"{table.en}: if it comes monthly, no month is empty between two with {_FULL} rows",
            finds_zh="某月的文件从未到达",
            finds_en="a month's file that never came",
            query=_months(_days(table, table.event_on)),
            type=ROWS,
            measures=table.measures,
            where=table.where,
        )


def _fresh(days: str) -> str:
    return f"""WITH window_end AS (SELECT max(month.month) AS last FROM month),
        busy AS ({_counts(days)}),
        spells AS (SELECT m, n, date_diff('month', lag(m) OVER (ORDER BY m), m) - 1 AS quiet FROM busy)
        SELECT max(m) AS month, date_diff('month', max(m), any_value(last)) AS quiet_months,
               coalesce(max(quiet), 0) AS longest_before, date_diff('month', min(m), max(m)) + 1 AS span, sum(n) AS rows
        FROM spells, window_end
        HAVING quiet_months > longest_before + 1 AND span >= {_YEARS} AND rows * quiet_months >= {_FULL} * span"""


def _months(days: str) -> str:
    return f"""WITH window_end AS (SELECT max(month.month) AS last FROM month),
        counts AS ({_counts(days)}),
        pairs AS (SELECT last_day(m + INTERVAL 1 MONTH) AS month, lead(m) OVER w AS next_month, n AS rows_before,
                         lead(n) OVER w AS rows_after, count(*) OVER () AS months,
                         date_diff('month', min(m) OVER (), max(m) OVER ()) + 1 AS span
                  FROM counts WINDOW w AS (ORDER BY m))
        SELECT month, next_month, rows_before, rows_after FROM pairs
        WHERE next_month > month AND least(rows_before, rows_after) >= {_FULL}
          AND months >= {_YEAR} AND span - months = 1"""


def _days(table: Table, day: str) -> str:
    """A query of days and their rows (`n`): counted by day first is less than half the work where many share one."""
    if (tallied := tally(table, day)) in tallies(table):
        return f"SELECT {day} AS day, rows AS n FROM {tallied} /* of {{batch}} */"
    return f"SELECT {day} AS day, count(*) AS n FROM {{batch}} GROUP BY 1"


def _counts(days: str) -> str:
    """Rows by month."""
    return f"""SELECT last_day(day) AS m, sum(n) AS n FROM ({days}), window_end
        WHERE day BETWEEN last - INTERVAL {_SPAN} MONTH AND last GROUP BY 1"""
