"""The SQL that turns a table with dates of knowledge into inserts, updates and deletes."""

from __future__ import annotations

import datetime
from typing import Literal

from sfbench.spec import Table

By = Literal["month", "day"]
OPERATION, AT = "_op", "_at"


def changes_of(table: Table, by: By, base: datetime.date, until: datetime.date) -> str:
    """A query: `_op`, `_at` and the table's columns as known at the end of `_at`.

    A row is inserted at the end of the period in which it became known, updated whenever the date of one of its cells
    comes in a later period, deleted when its `gone_on` comes. What was known by `base` is one first batch of inserts.
    A row that came and went in one period was never seen at the end of one, so it is not sent. A month that begins
    before `base` or ends after `until` is sent as far as it lies between them.
    """

    def period(name: str) -> str:
        day = f'"{name}"'
        end = day if by == "day" else f"least(last_day({day}), DATE '{until}')"
        return f"CASE WHEN {day} <= DATE '{base}' THEN DATE '{base}' WHEN {day} <= DATE '{until}' THEN {end} END"

    known = period(table.known_on) if table.known_on else f"DATE '{base}'"
    gone = period(table.gone_on) if table.gone_on else "CAST(NULL AS DATE)"
    dates = sorted({column.known_on for column in table.columns if column.known_on} - {table.gone_on})
    later = ", ".join(map(period, dates))
    cells = ", ".join(
        f'CASE WHEN "{c.known_on}" <= "{AT}" THEN "{c.name}" END AS "{c.name}"' if c.known_on else f'"{c.name}"'
        for c in table.columns
    )
    return f"""
        WITH dated AS (
            SELECT *, {known} AS _first, {gone} AS _gone, CAST([{later}] AS DATE[]) AS _later
            FROM "{table.name}"
        ),
        moments AS (
            SELECT *, 'insert' AS "{OPERATION}", _first AS "{AT}"
            FROM dated WHERE _gone IS NULL OR _gone > _first
            UNION ALL
            SELECT * FROM (SELECT *, 'update', unnest(list_distinct(_later)) AS "{AT}" FROM dated)
            WHERE "{AT}" > _first AND (_gone IS NULL OR _gone > "{AT}")
            UNION ALL
            SELECT *, 'delete', _gone FROM dated WHERE _gone > _first
        )
        SELECT "{OPERATION}", "{AT}", {cells} FROM moments WHERE "{AT}" <= DATE '{until}'"""
