"""Small readers of text cells, shared by the figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tests.acceptance.edits import Row, Tables


def num(row: Row, column: str) -> Fraction:
    """A number cell; an empty one counts nothing."""
    return Fraction(row[column] or "0")


def total(rows: Iterable[Row], column: str) -> Fraction:
    """The sum of a column."""
    return sum((num(row, column) for row in rows), Fraction(0))


def pick(tables: Tables, table: str, **key: object) -> Row:
    """The one row with these cells."""
    (row,) = chosen(tables, table, **key)
    return row


def chosen(tables: Tables, table: str, **key: object) -> list[Row]:
    """All rows with these cells."""
    return [row for row in tables[table] if all(row[k] == str(v) for k, v in key.items())]


def days(first: str, last: str) -> int:
    """Days from one date cell to another."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def median(values: Iterable[int]) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    ranked = sorted(values)
    return Fraction(ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2], 2)


def open_on(rows: Iterable[Row], day: str, begin: str, end: str) -> list[Row]:
    """Rows that have begun by the day and have not ended by it."""
    return [row for row in rows if row[begin] <= day and not ("" < row[end] <= day)]
