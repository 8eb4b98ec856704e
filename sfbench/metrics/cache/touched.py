"""The earliest month that differs between two looks, table by table and column by column.

A row is dated by the month of its table's `event_on`; a cell that becomes known later touches the month of its row, or,
where it is itself the date on which it becomes known (`released_on`), the month of that date. Between two days of
knowledge of the same files the dates alone say which rows and cells came or went, so no value is read. A file that was
added touches the months of its rows; a file that was changed or taken away touches all months, and so does a column
that can be read in one look only. A month may be called touched that is not, never the other way round.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from sfbench.metrics.cache.look import FileId, Look
from sfbench.spec import Table
from sfbench.store.read import file_pattern, sql_text

Day = datetime.date
ALWAYS = Day(1, 1, 31)  # before every month: nothing of the table can be kept
_NEVER = Day(9998, 12, 31)
Touched = Mapping[tuple[str, str], Day]  # (table, column) -> month end; what is absent is untouched


def touched(
    old: Look,
    new: Look,
    folder: Path,
    declared: Mapping[str, Table],
    needs: Mapping[str, Iterable[str]],
) -> dict[tuple[str, str], Day]:
    """For each column of `needs` the earliest month in which its table's rows or its cells differ."""
    found: dict[tuple[str, str], Day] = {}
    lost, changed = {*old.lost, *new.lost}, {*old.lost} ^ {*new.lost}
    with duckdb.connect() as connection:
        for name, columns in needs.items():
            before, after = old.files.get(name), new.files.get(name)
            if before is None and after is None:
                continue
            table = declared.get(name)
            if before is None or after is None or table is None or not set(before) <= set(after):
                found |= {(name, column): ALWAYS for column in columns}
                continue
            table = _readable(table, lost)
            added = [file for file in after if file not in set(before)]
            months = _by_dates(connection, folder, table, after, old.as_of, new.as_of, columns)
            if added:
                first = _first_month(connection, folder, table, added)
                months = {column: min(first, months.get(column, _NEVER)) for column in columns}
            months |= {column: ALWAYS for column in columns if f"{name}.{column}" in changed}
            found |= {(name, column): month for column, month in months.items()}
    return found


def _readable(table: Table, lost: Collection[str]) -> Table:
    """A user's own table without what was not read; a cell whose date is lost was not, where a day is asked for."""
    columns = tuple(column for column in table.columns if f"{table.name}.{column.name}" not in lost)
    dated = table.event_on in {column.name for column in columns}
    return replace(table, columns=columns, event_on=table.event_on if dated else "")


def _by_dates(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: Table,
    files: tuple[FileId, ...],
    old: Day | None,
    new: Day | None,
    columns: Iterable[str],
) -> dict[str, Day]:
    """What came to be known, or was taken back, between two days."""
    if old == new:
        return {}
    wanted = [column for column in table.columns if column.name in set(columns)]
    soon = _month_end(min(day for day in (old, new) if day) + datetime.timedelta(1))
    rows = [name for name in (table.known_on, table.gone_on) if name]
    # Known on the day of the event: rows that come are of later months. As stored there are rows without a day, too.
    own_date = rows == [table.event_on] and None not in (old, new)
    months = dict.fromkeys((column.name for column in wanted), soon) if own_date else {}
    asked: dict[str, str] = {}  # column -> figure; "" stands for whole rows
    event = _month(table.event_on)
    if rows and not own_date:
        asked[""] = f"MIN({event}) FILTER ({_seen(table, old)} <> {_seen(table, new)})"
    for column in wanted:
        if column.known_on == column.name and column.name != table.known_on:
            months[column.name] = soon
        elif column.known_on and column.known_on != table.known_on:
            one, other = (_known(column.known_on, day) for day in (old, new))
            asked[column.name] = f"MIN({event}) FILTER ({one} <> {other})"
    if not asked:
        return months
    sql = f"SELECT {', '.join(asked.values())} FROM {_source(folder, files)}"
    found = dict(zip(asked, connection.execute(sql).fetchall()[0], strict=True))
    for column in wanted:
        dates = [found.get(""), found.get(column.name), months.get(column.name)]
        if first := min((date for date in dates if date), default=None):
            months[column.name] = first
    return months


def _first_month(connection: duckdb.DuckDBPyConnection, folder: Path, table: Table, files: Iterable[FileId]) -> Day:
    sql = f"SELECT MIN({_month(table.event_on)}) FROM {_source(folder, files)}"
    month: Day | None = connection.execute(sql).fetchall()[0][0]
    return month or _NEVER


def _month_end(day: Day) -> Day:
    return Day(day.year + day.month // 12, day.month % 12 + 1, 1) - datetime.timedelta(1)


def _seen(table: Table, day: Day | None) -> str:
    """Whether a row is there on a day (None: as stored), as the views of a dataset show it."""
    gone = f" AND NOT {_known(table.gone_on, day)}" if table.gone_on and day else ""
    return f"({_known(table.known_on, day)}{gone})"


def _known(column: str, day: Day | None) -> str:
    return f"COALESCE(CAST(\"{column}\" AS DATE) <= DATE '{day}', false)" if column and day else "true"


def _month(column: str) -> str:
    """A row without a date may belong to any month."""
    return f"COALESCE(LAST_DAY(CAST(\"{column}\" AS DATE)), DATE '{ALWAYS}')" if column else f"DATE '{ALWAYS}'"


def _source(folder: Path, files: Iterable[FileId]) -> str:
    paths = ", ".join(sql_text(file_pattern(folder / name)) for name, _, _ in files)
    return f"read_parquet([{paths}], hive_partitioning = false, union_by_name = true)"
