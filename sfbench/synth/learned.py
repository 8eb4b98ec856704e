"""What a method learns from and draws: tables of plain columns, children tied to their parents by row number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]


class Derived(NamedTuple):
    """`name` = `left` `sign` `right`: what later columns and children may ask.

    A side is a column or `parent.column`; the right one may be a number.
    """

    name: str
    left: str
    sign: str
    right: str


@dataclass(frozen=True, slots=True)
class Learned:
    """One table without keys: `columns` of plain types; `parent_row` is the row of its parent (ascending).

    `unit` is the firm (row of the table at the top) that each row belongs to.
    """

    name: str
    columns: pa.Table
    parent: str = ""
    parent_row: Ints | None = None
    unit: Ints | None = None
    derived: tuple[Derived, ...] = ()
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()  # columns with what they must depend on
    one: tuple[str, ...] = ()  # (x, column of the parent): x is true of one child where that is not null
    first: tuple[str, ...] = ()  # columns that stand before what a row says of its children
    no_more: tuple[str, ...] = ()  # columns that depend on what they are given alone
    apart: bool = False  # other tables are drawn as if it were not learned
    withheld: tuple[str, ...] = ()  # columns on which no other table depends, but a child that they say something of
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # all that a column may hold, where declared

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.columns.num_rows)

    def firms(self) -> Ints:
        """The firm of each row."""
        return np.arange(self.rows) if self.unit is None else self.unit

    def with_first(self, more: Mapping[str, pa.Array]) -> Learned:
        """The same with more columns at the beginning, after those that are `first`."""
        own = {name: self.columns[name] for name in self.columns.column_names}
        first = {name: own[name] for name in self.first if name in own}
        return replace(self, columns=pa.table({**first, **more, **own}))

    def with_last(self, more: Mapping[str, pa.Array]) -> Learned:
        """The same with more columns at the end, which are withheld."""
        return replace(self.with_columns(more), withheld=(*self.withheld, *more))

    def with_columns(self, more: Mapping[str, pa.Array]) -> Learned:
        """The same with more columns at the end."""
        table = self.columns
        for name, column in more.items():
            table = table.append_column(name, column)
        return replace(self, columns=table)


Tables = Mapping[str, Learned]  # parents before their children


def children(tables: Tables, name: str) -> list[Learned]:
    """The tables whose parent it is."""
    return [table for table in tables.values() if table.parent == name]


def ancestors(tables: Tables, name: str) -> list[str]:
    """Its parent, the parent's parent, and so on."""
    out, at = list[str](), tables[name].parent
    while at:
        out.append(at)
        at = tables[at].parent
    return out


def tops(tables: Tables) -> list[str]:
    """The tables without a parent: what a row of each stands for is protected."""
    return [name for name, table in tables.items() if not table.parent]


def family(tables: Tables, top: str) -> dict[str, Learned]:
    """A table at the top with all that hangs on it."""
    return {name: table for name, table in tables.items() if [name, *ancestors(tables, name)][-1] == top}


def counts(child: Learned, rows: int) -> Ints:
    """Rows of the child for each row of its parent."""
    parents = child.parent_row if child.parent_row is not None else np.zeros(0, np.int64)
    return np.bincount(parents, minlength=rows).astype(np.int64)


def with_units(tables: Iterable[Learned]) -> dict[str, Learned]:
    """The tables with the firm of each row worked out from the parents' rows."""
    out: dict[str, Learned] = {}
    for table in tables:
        if table.parent and table.parent_row is not None:
            table = replace(table, unit=out[table.parent].firms()[table.parent_row])
        out[table.name] = table
    return out
