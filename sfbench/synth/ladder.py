"""Keys of several columns, of which one is drawn (a firm and a month): drawn by chance, they would often come twice.

Within what the other columns of the key say, the drawn values are taken for rungs of a ladder, of which each row has
its own: a row whose rung is taken steps up to the next, and down where there is none above. Who has no double stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.spec import Table
from sfbench.synth.columns import Ints


def apart(table: Table, rows: pa.Table, drawn: Sequence[str]) -> pa.Table:
    """The rows with keys that differ, as far as there are values; `drawn`: columns that may say something else."""
    free = [name for name in table.key if name in drawn and not rows[name].null_count]
    if len(table.key) < 2 or not free or not rows.num_rows:
        return rows
    column = max(free, key=lambda name: pc.count_distinct(rows[name]).as_py())
    rungs, place = _kinds(rows[column])
    group = np.zeros(rows.num_rows, np.int64)
    for name in table.key:
        if name != column:
            kinds, other = _kinds(rows[name])
            group = np.unique(group * (len(kinds) + 1) + other, return_inverse=True)[1]
    order = np.lexsort((place, group))
    place[order] = _climbed(place[order], group[order], len(rungs))
    return rows.set_column(rows.column_names.index(column), column, rungs.take(pa.array(place)))


def _kinds(column: pa.ChunkedArray) -> tuple[pa.Array, Ints]:
    """(different values in order, which of them each row has; null counts as one more)."""
    kinds = pc.unique(column).drop_null()
    kinds = kinds.take(pc.sort_indices(kinds))
    place = pc.index_in(column, value_set=kinds).fill_null(len(kinds))
    return kinds, np.asarray(place).astype(np.int64)


def _climbed(place: Ints, group: Ints, size: int) -> Ints:
    """Places that rise within each group, in its order; those of a group larger than the ladder share an end."""
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    number = np.diff(np.r_[starts, len(group)])
    rank = np.arange(len(group)) - np.repeat(starts, number)
    apart_by = len(group) + size + 1  # more than places differ by: each group begins anew
    floor = np.maximum.accumulate(place - rank + group * apart_by) - group * apart_by
    most = size - np.repeat(number, number)  # so that all that come after have a rung
    return np.asarray(np.clip(np.minimum(floor, most) + rank, 0, size - 1), np.int64)
