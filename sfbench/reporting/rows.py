"""What a fault is handed, what it gives back, and the few ways to say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sfbench.kit import Bools, Columns, Draw, Floats, Ints
from sfbench.reporting.cells import Positions, put, take
from sfbench.reporting.identity import mixed
from sfbench.spec import Table


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table and block, as raw published columns.

    identity: a 64-bit number made of each row's primary key; draws about a row ask for it, so that neither order nor
    block decides anything. open: rows that may be chosen. rate: the chance of each. beside: to a search for decoys, the
    true columns of the block's other tables that the fault `looks_at`.
    """

    table: Table
    columns: Columns
    identity: Ints
    open: Bools
    rate: Floats
    beside: Mapping[str, Columns] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.identity)

    def pick(self, draw: Draw, eligible: Bools | None = None) -> Positions:
        """Positions of the rows that are hit, ascending."""
        hit = draw.chance("row", self.identity, self.rate) & self.open
        return np.flatnonzero(hit if eligible is None else hit & eligible)

    def pick_events(self, draw: Draw, event: Ints, eligible: Bools | None = None) -> Positions:
        """Positions of all rows of the events that are hit; `event` numbers the event that each row belongs to."""
        hit = draw.chance("event", event, self.rate) & self.open
        return np.flatnonzero(hit if eligible is None else hit & eligible)


@dataclass(frozen=True, slots=True)
class Planted:
    """Rows after a fault.

    columns: the changed columns, whole, as long as the rows are now. marked: positions, now, of the rows that bear the
    fault. source: for each row the position it had before (None: all rows stand where they stood); a row that is no
    one's source is lost. copies: rows that never were, made after their source. group: a number for each row *before*:
    rows of one event share it (None: each row is an event of its own). moved: the marked rows stand in other places.
    """

    marked: Positions
    columns: Mapping[str, Any] = field(default_factory=dict)
    source: Positions | None = None
    copies: Bools | None = None
    group: Ints | None = None
    moved: bool = False


def change(rows: Rows, at: Positions, cells: Mapping[str, Any], group: Ints | None = None) -> Planted:
    """New cells at `at`: column -> values as long as `at`."""
    return Planted(at, {name: put(rows.columns[name], at, new) for name, new in cells.items()}, group=group)


def drop(rows: Rows, at: Positions, group: Ints | None = None) -> Planted:
    """The rows at `at` are lost."""
    stay = np.ones(len(rows), np.bool_)
    stay[at] = False
    return Planted(np.zeros(0, np.int64), source=np.flatnonzero(stay), group=group)


def copy(rows: Rows, at: Positions, cells: Mapping[str, Any], group: Ints | None = None) -> Planted:
    """Each row at `at` comes again, with other cells; the copies stand where their key belongs.

    Where the rows are in the order of their key, the copies join that order; elsewhere each follows its source.
    """
    source = np.concatenate([np.arange(len(rows)), at])
    copies = np.arange(len(source)) >= len(rows)
    joined = {name: take(rows.columns[name], source) for name in {*cells, *rows.table.key}}
    joined |= {name: put(joined[name], np.flatnonzero(copies), new) for name, new in cells.items()}
    order = _by_key(rows, joined) if _in_order(rows) else np.lexsort([copies, source])
    columns = {name: take(column, order) for name, column in joined.items()}
    return Planted(np.flatnonzero(copies[order]), columns, source[order], copies[order], group)


def rename(rows: Rows, at: Positions, key: Mapping[str, Any], group: Ints | None = None) -> Planted:
    """The rows at `at` have another key, and stand where it belongs if the rows are in the order of their key."""
    renamed = {name: put(rows.columns[name], at, new) for name, new in key.items()}
    every = {name: renamed.get(name, rows.columns[name]) for name in rows.table.key}
    order = _by_key(rows, every) if _in_order(rows) else np.arange(len(rows))
    marked = np.flatnonzero(np.isin(order, at))
    moved = bool((order != np.arange(len(rows))).any())
    return Planted(marked, {name: take(new, order) for name, new in renamed.items()}, order, None, group, moved)


def reorder(rows: Rows, order: Positions, group: Ints | None = None) -> Planted:
    """The same rows in another order: row i is now what stood at `order[i]`."""
    return Planted(np.flatnonzero(order != np.arange(len(rows))), source=order, group=group, moved=True)


def event(rows: Rows, *names: str) -> Ints:
    """A number for each row that it shares with the rows that have the same cells in these columns."""
    return mixed(rows.table, rows.columns, names)


def _in_order(rows: Rows) -> bool:
    return bool((_by_key(rows, rows.columns) == np.arange(len(rows))).all())


def _by_key(rows: Rows, columns: Mapping[str, Any]) -> Positions:
    return np.lexsort([_sortable(columns[name]) for name in reversed(rows.table.key)])


def _sortable(cells: Any) -> Any:
    return cells if isinstance(cells, np.ndarray) else np.array(cells.to_pylist(), np.str_)
