"""Keys of several columns: rows of one firm that were drawn with the same month get other months, while there are any.

Each row is drawn by itself, so of 24 months a firm would have 15, some of them twice, and a row whose key is there
already cannot be written.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.synth.columns import Ints


def told_apart(rows: pa.Table, key: Sequence[str], moved: str) -> pa.Table:
    """The rows with keys of their own: in the column `moved` the next value that no row with the same others has.

    Rows without a double stay as they are. Where there are more rows than values, doubles are left.
    """
    values = rows[moved].combine_chunks()
    known = values.unique().drop_null().sort()
    known = pa.concat_arrays([known, pa.nulls(min(values.null_count, 1), known.type)])
    place = np.asarray(pc.fill_null(pc.index_in(values, value_set=known), len(known) - 1)).astype(np.int64)
    group = _groups(rows.select([name for name in key if name != moved]))
    order = np.lexsort((place, group))
    free = np.empty(len(order), np.int64)
    free[order] = _rising(place[order], group[order], len(known))
    return rows.set_column(rows.column_names.index(moved), moved, known.take(pa.array(free)))


def _rising(place: Ints, group: Ints, values: int) -> Ints:
    """The least places that rise strictly within each group, below `values`; both are in order."""
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[first, len(group)])
    rank = np.arange(len(group)) - np.repeat(first, size)
    apart = np.repeat(np.arange(len(first)), size) * (values + len(group) + 1)  # so that no group reaches into the next
    pushed = np.maximum.accumulate(place - rank + apart) - apart + rank
    return np.asarray(np.maximum(np.minimum(pushed, values - np.repeat(size, size) + rank), 0), np.int64)


def _groups(columns: pa.Table) -> Ints:
    """A number for what the columns say of each row."""
    group = np.zeros(columns.num_rows, np.int64)
    for column in columns.columns:
        codes = column.combine_chunks().dictionary_encode("encode").indices
        group = np.unique(group * (columns.num_rows + 1) + np.asarray(codes).astype(np.int64), return_inverse=True)[1]
    return group
