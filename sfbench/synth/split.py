"""Cuts tables by firm into those that are learned and those that are held out, the same way each time.

Whether a firm is held out follows from the place of its key among the sorted keys, so a report can repeat the cut that
a model was fitted with, and nothing but the share has to be kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.draws.words import words
from sfbench.errors import SfbenchError
from sfbench.synth.learned import Ints, Learned, with_units

KEY = 0x5F3759DF


def held_out(keys: pa.Array, share: float) -> NDArray[np.bool_]:
    """Which of the firms are held out. Raises SfbenchError for a share outside (0, 1)."""
    if not 0 < share < 1:
        raise SfbenchError(f"{share} of the firms cannot be kept out", fix="give a share between 0 and 1, e.g. 0.2")
    rank = np.empty(len(keys), np.int64)
    rank[np.asarray(pc.sort_indices(keys)).astype(np.int64)] = np.arange(len(keys))
    return np.asarray(words(KEY, rank) < np.uint64(int(share * 2**64)), np.bool_)


def mark(keys: pa.Array) -> str:
    """Sixteen bits of a hash of all keys in order: whether they are the same, and nothing of any one."""
    ordered = keys.take(pc.sort_indices(keys)).cast(pa.string()).fill_null("")
    return hashlib.sha256("\n".join(ordered.to_pylist()).encode()).hexdigest()[:4]


def check_marks(found: Mapping[str, str], learned: Mapping[str, str], where: str) -> None:
    """Raises SfbenchError for a table with other keys than those that were learned and held out.

    One row more moves the place of each, and firms that were learned would be taken for held-out ones: a copy of every
    row would look safe.
    """
    for name in found:
        if found[name] != learned.get(name, found[name]):
            raise SfbenchError(
                "the copy was not learned from these rows",
                where=f"{where}: {name}",
                why="its keys are not those of `synth fit`, so nobody knows which firms were held out",
                fix="give the tables as they were, or fit and sample again",
            )


def part(
    tables: Mapping[str, Learned], keys: Mapping[str, pa.Array], share: float, *, kept: bool
) -> dict[str, Learned]:
    """The learned firms with their children, or (`kept`) those that are held out."""
    return _cut(
        tables, {name: held_out(keys[name], share) == kept for name, table in tables.items() if not table.parent}
    )


def of_firms(tables: Mapping[str, Learned], rows: Ints) -> dict[str, Learned]:
    """These rows of the first table at the top with all that hangs on them; other tables at the top stay whole."""
    tops = {name: np.ones(table.rows, np.bool_) for name, table in tables.items() if not table.parent}
    first = next(iter(tops))
    tops[first] = np.isin(np.arange(tables[first].rows), rows)
    return _cut(tables, tops)


def _cut(tables: Mapping[str, Learned], tops: Mapping[str, NDArray[np.bool_]]) -> dict[str, Learned]:
    out: dict[str, Learned] = {}
    chosen = dict(tops)
    for name, table in tables.items():
        parent_row = None
        if table.parent and table.parent_row is not None:
            chosen[name] = chosen[table.parent][table.parent_row]
            fresh = np.cumsum(chosen[table.parent]) - 1
            parent_row = fresh[table.parent_row[chosen[name]]].astype(np.int64)
        columns = table.columns.filter(pa.array(chosen[name]))
        out[name] = replace(table, columns=columns, parent_row=parent_row, unit=None)
    if not all(table.rows for table in out.values()):
        empty = next(name for name, table in out.items() if not table.rows)
        raise SfbenchError("no row is left after the cut", where=empty, fix="keep out another share, or fewer tables")
    return with_units(out.values())
