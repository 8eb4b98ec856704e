"""Faults that a declared expectation is there to find: plain ones, and such as the rest of the row agrees with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import duckdb

from sfbench.spec import Table
from tests.quality.declared_faults import faults

ROWS_TRIED = 4
NUMBERS = {"count", "money", "rate", "number"}


class Plant(NamedTuple):
    """Statements, and the columns that they change (none named: any)."""

    statements: tuple[str, ...]
    changes: tuple[str, ...] = ()


def plain(world: duckdb.DuckDBPyConnection, table: Table, claim: str) -> Iterator[Plant]:
    """Plants of one fault each."""
    name, what = table.name, claim.removeprefix(f"{table.name}.")
    pairs = _pairs(world, name)
    if what == "columns":
        yield Plant((f"ALTER TABLE {name} ADD COLUMN one_more INTEGER",))
    elif what == "types":
        for column in reversed(table.columns):
            for other in ("DOUBLE", "TIMESTAMP", "HUGEINT", "VARCHAR"):
                if _converts(world, table, column.name, other):
                    yield Plant((f"ALTER TABLE {name} ALTER {column.name} TYPE {other}",))
    elif what == "floor":
        yield Plant((f"DELETE FROM {name} WHERE rowid >= {max(table.floor, 1) - 1}",))
    elif what == "key":
        for one, other in pairs:
            cells = ", ".join(f"{key} = (SELECT {key} FROM {name} WHERE rowid = {other})" for key in table.key)
            yield Plant((f"UPDATE {name} SET {cells} WHERE rowid = {one}",))
            yield Plant((f"INSERT INTO {name} SELECT * FROM {name} WHERE rowid = {one}",))
    else:
        for cells in _cells(table, what):
            yield from (_update(name, row, cells) for row, _ in pairs)


def finer(world: duckdb.DuckDBPyConnection, table: Table, claim: str, texts: str) -> Iterator[Plant]:
    """Plants of a fault in one cell that leave content whose texts these are."""
    name, what = table.name, claim.removeprefix(f"{table.name}.")
    rows = [row for row, _ in _pairs(world, name)]
    if what == "key":
        for cells in _another_fact(table):
            replaced = ", ".join(f"{value} AS {column}" for column, value in cells.items())
            for row in rows:
                yield Plant((f"INSERT INTO {name} SELECT * REPLACE ({replaced}) FROM {name} WHERE rowid = {row}",))
    if what.endswith(".window"):  # in data that end sooner
        for cut in ("2027-11-30", "2026-12-31", "2025-12-31", "2023-12-31", "2020-12-31"):
            sooner = f"DELETE FROM month WHERE month > DATE '{cut}'"
            yield Plant((sooner,))
            day = what.removesuffix(".window")
            last = f"(SELECT arg_max(rowid, {day}) FROM {name} WHERE {day} <= DATE '{cut}')"
            next_day = {day: f"DATE '{cut}' + 1"}
            for more in ({}, *_in_step(table, next_day)):
                for row in (last, *rows):
                    yield Plant((sooner, *_update(name, row, next_day | more).statements))
    if what.endswith(".range"):  # in data that go on
        later = "INSERT INTO month SELECT * REPLACE (DATE '2040-12-31' AS month) FROM month LIMIT 1"
        for cells in _cells(table, what):
            for more in ({}, *_in_step(table, cells)):
                yield Plant((later, *_update(name, rows[0], cells | more).statements))
    if what.endswith(".reference"):  # what it refers to was lost
        column = what.removesuffix(".reference")
        parent, _, key = table.column(column).references.partition(".")
        for row in rows:
            lost = f"(SELECT {column} FROM {name} WHERE rowid = {row})"
            yield Plant((f"DELETE FROM {parent} WHERE {key} = {lost}",))
    if what.endswith(".known"):  # another code
        column = table.column(what.removesuffix(".known"))
        for code in column.values:
            known = {str(column.known_on): "NULL", column.name: f"'{code.code}'"}
            yield from (_update(name, row, known) for row in rows)
    if what.endswith(".check"):  # one digit off
        column = what.removesuffix(".check")
        other = f"left({column}, 17) || translate(right({column}, 1), '0123456789', '1234567890')"
        yield from (_update(name, row, {column: other}) for row in rows)
    for cells in _cells(table, what):
        for more in _partners(table, cells, texts):
            yield from (_update(name, row, cells | more) for row in rows)
        for more in _in_step(table, cells):
            yield from (_update(name, row, cells | more) for row in rows)


def _cells(table: Table, what: str) -> list[dict[str, str]]:
    return [cells for said, cells in faults(table) if said == what and cells]


def _update(name: str, row: int | str, cells: Mapping[str, str]) -> Plant:
    changed = ", ".join(f"{column} = {value}" for column, value in cells.items())
    return Plant((f"UPDATE {name} SET {changed} WHERE rowid = {row}",), tuple(cells))


def _pairs(world: duckdb.DuckDBPyConnection, name: str) -> list[tuple[int, int]]:
    """Rows that are tried, each with another."""
    rows = int(world.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
    tried = sorted({rows * step // ROWS_TRIED for step in range(ROWS_TRIED)})
    return [(row, (row + rows // 2) % rows) for row in tried]


def _partners(table: Table, cells: Mapping[str, str], texts: str) -> Iterator[dict[str, str]]:
    """Other cells that the row could hold, so that what else reads the column is content: those that its texts name."""
    others = [c for c in table.columns if c.name not in cells and re.search(rf"\b{c.name}\b", texts)]
    (first, value), *_ = cells.items()
    kind = table.column(first).kind
    choices = (
        {c.name: "NULL" for c in others if c.nullable},
        {c.name: value for c in others if c.kind == kind},
        {c.name: _bound(c.low, c.low_on) for c in others if c.low is not None or c.low_on},
        {c.name: _bound(c.high, c.high_on) for c in others if c.high is not None or c.high_on},
    )
    yield from (choice for choice in choices if choice)
    yield from ({name: text} for choice in choices for name, text in choice.items() if len(choice) > 1)


def _another_fact(table: Table) -> Iterator[dict[str, str]]:
    """Cells of a row that is copied under its key: without what may be empty, of another unit, years after."""
    rest = [c for c in table.columns if c.name not in table.key]
    spare = {c.name: "NULL" for c in rest if c.nullable}
    others = {}
    for column in rest:
        parent, _, key = column.references.partition(".")
        if parent:
            others[column.name] = f"(SELECT max({key}) FROM {parent})"
    later = {c.name: f"{c.name} + 3653" for c in rest if c.kind == "date"}
    yield from filter(None, (spare, others, later, others | later, spare | others | later))
    yield from ({one: "NULL"} for one in spare)


def _in_step(table: Table, cells: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """What the row could hold so that it agrees with itself: each choice is other cells of it.

    Its other dates are moved by as many days, its other numbers by the same factor, all of them or one; or one number
    by the same amount, as a total is by its part.
    """
    (first, value), *_ = cells.items()
    kind = table.column(first).kind
    alike = [c.name for c in table.columns if c.name != first and (c.kind == kind or {c.kind, kind} <= NUMBERS)]
    days = "::INTEGER" if kind == "date" else ""
    moved = {name: f"{name} + (({value}) - {first}){days}" for name in alike}
    scaled = {name: f"{name} * (({value}) / nullif({first}, 0))" for name in alike}
    if kind in {"date", *NUMBERS} and alike:
        yield moved if kind == "date" else scaled
        yield from ({name: text} for name, text in moved.items())
    if kind in NUMBERS:
        yield from ({name: text} for name, text in scaled.items())


def _bound(number: float | None, day: str) -> str:
    return f"DATE '{day}'" if day else str(number)


def _converts(world: duckdb.DuckDBPyConnection, table: Table, column: str, other: str) -> bool:
    try:
        world.execute(f"SELECT count({column}::{other}) FROM {table.name}")
    except duckdb.Error:
        return False
    return True
