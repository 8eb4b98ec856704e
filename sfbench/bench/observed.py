"""The panel of a policy-effect task, and who has a treated neighbour, read from what a method sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sfbench.bench.card import Card
from sfbench.bench.effects.panel import NEVER, Bools, Ints, Panel

if TYPE_CHECKING:
    import duckdb


def panel(con: duckdb.DuckDBPyConnection, card: Card, outcome: str = "y") -> Panel:
    """The tables `panel` (unit, period, y, ...) and `register` (unit, start) as a Panel; every unit is a cluster.

    outcome: the column of `panel`. Raises duckdb.Error if the task has no such tables.
    """
    found = con.execute(f'SELECT "{outcome}" AS y FROM panel ORDER BY unit, period').fetchnumpy()
    start = con.execute(f"SELECT coalesce(start, {NEVER}) AS start FROM register ORDER BY unit").fetchnumpy()["start"]
    return Panel(
        y=np.asarray(found["y"], np.float64).reshape(len(start), -1),
        start=np.asarray(start, np.int64),
        cluster=np.arange(len(start)),
        anticipation=card.anticipation,
    )


def near(con: duckdb.DuckDBPyConnection) -> Ints:
    """(units,): the first period in which a unit next to this one is treated, NEVER for far and for treated ones."""
    found = con.execute(f"SELECT coalesce(near, {NEVER}) AS near FROM register ORDER BY unit").fetchnumpy()
    return np.asarray(found["near"], np.int64)


def both_arms(con: duckdb.DuckDBPyConnection, card: Card) -> tuple[Panel, Bools]:
    """The firms that a policy is made for and the others of the same places, below each other as one panel, and which
    rows are eligible; a place is a cluster. For questions whose panel has `y_other`."""
    own, other = panel(con, card), panel(con, card, "y_other")
    both = Panel(
        y=np.vstack([own.y, other.y]),
        start=np.tile(own.start, 2),
        cluster=np.tile(own.cluster, 2),
        anticipation=card.anticipation,
    )
    return both, np.arange(2 * own.units) < own.units


def beside(con: duckdb.DuckDBPyConnection) -> list[Ints]:
    """Of each public policy beside the one that is asked about (units,): the first period in which it has a unit."""
    names = [row[0] for row in con.execute("DESCRIBE register").fetchall() if row[0].startswith("start_")]
    chosen = ", ".join(f'coalesce("{name}", {NEVER}) AS "{name}"' for name in names)
    found = con.execute(f"SELECT {chosen} FROM register ORDER BY unit").fetchnumpy() if names else {}
    return [np.asarray(column, np.int64) for column in found.values()]
