"""The panel of a policy-effect task, and who has a treated neighbour, read from what a method sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sfbench.bench.card import Card
from sfbench.bench.effects.panel import NEVER, Ints, Panel

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
