"""Blocks of firms, with their rows of a table and of its parents as the views that the table's recipe reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import numpy as np
import pyarrow as pa

from sfbench.synth.learned import Ints, Learned, ancestors, with_units

ROWS = 1 << 15  # drawn rows of the table in a block, at least one firm's: half a million balances


def blocks(
    con: duckdb.DuckDBPyConnection, name: str, drawn: Mapping[str, Learned], views: Mapping[str, pa.Table]
) -> Iterator[None]:
    """For each block the views `drawn_` and `made_` of the table and its ancestors hold its rows; whole at the end.

    `views`: the whole tables. Rows of firms stand together in all of them, so a block is a slice of each.
    """
    tables = with_units(drawn.values())
    family = [name, *ancestors(tables, name)]
    units = {f"drawn_{one}": tables[one].firms() for one in family}
    units |= {f"made_{one}": tables[one].firms()[np.asarray(views[f"made_{one}"]["_row"])] for one in family[1:]}
    own = units[f"drawn_{name}"]
    if any((np.diff(firms) < 0).any() for firms in units.values()):  # one that is not by firm: all at once
        yield None
        return
    for low, high in _bounds(own, int(units[f"drawn_{family[-1]}"].max(initial=-1)) + 1):
        for view, firms in units.items():
            first, last = np.searchsorted(firms, [low, high])
            con.register(view, views[view].slice(first, last - first))
        yield None
    for view in units:
        con.register(view, views[view])


def _bounds(own: Ints, firms: int) -> list[tuple[int, int]]:
    """[first, last) firms of each block; one block at least, so that a table without rows is written, too."""
    starts = np.unique(np.r_[0, own[ROWS::ROWS], firms])
    return list(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)) or [(0, firms)]
