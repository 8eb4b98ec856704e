"""Cuts tables by firm into those that are learned and those that are held out, the same way each time.

Whether a firm is held out follows from its own key and nothing else, so a report can repeat the cut that a model was
fitted with; a firm more or less in the original moves no other firm to the other side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.draws.words import words
from sfbench.errors import SfbenchError
from sfbench.synth.learned import Ints, Learned, with_units

KEY = 0x5F3759DF
BY_KEY = "key"  # how a copy's manifest says that its firms were held out; by place in the order before 2026-12


def held_out(keys: pa.Array, share: float) -> NDArray[np.bool_]:
    """Which of the firms are held out. Raises SfbenchError for a share outside (0, 1)."""
    if not 0 < share < 1:
        raise SfbenchError(f"{share} of the firms cannot be kept out", fix="give a share between 0 and 1, e.g. 0.2")
    return np.asarray(words(KEY, _numbers(keys)) < np.uint64(int(share * 2**64)), np.bool_)


def _numbers(keys: pa.Array) -> NDArray[Any]:
    """Whole numbers as they are; of any other key 64 bits of the MD5 of its text."""
    if pa.types.is_integer(keys.type):
        return np.asarray(keys)
    with duckdb.connect() as connection:
        connection.register("keys", pa.table({"key": keys.cast(pa.string())}))
        return np.asarray(connection.execute("SELECT md5_number_lower(key) AS number FROM keys").fetchnumpy()["number"])


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
