"""One row a firm: what an attacker could know of it, from the firm's own row and from all that hangs on it.

Rows of children are aggregated (number; mean and maximum of numbers, most frequent word), since the person or firm to
protect stands behind all of its rows, not behind one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.privacy.rows import Rows
from sfbench.synth.columns import numeric, raw
from sfbench.synth.learned import Ints, Learned, family, tops

Floats = NDArray[np.float64]
Words = NDArray[np.str_]
NONE = ""  # the word that stands for null


@dataclass(frozen=True, slots=True)
class Frame:
    """`numbers`: column -> float64 (rows,), NaN for null; `words`: column -> str (rows,), "" for null.

    held: table -> the rows of it that the firms have, where they are known one by one.
    """

    numbers: Mapping[str, Floats]
    words: Mapping[str, Words]
    held: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of firms."""
        return next((len(column) for column in (*self.numbers.values(), *self.words.values())), 0)

    @property
    def columns(self) -> list[str]:
        """Names, numbers first."""
        return [*self.numbers, *self.words]

    def take(self, rows: Ints | NDArray[np.bool_]) -> Frame:
        """These rows, by number or by mask."""
        numbers = {name: column[rows] for name, column in self.numbers.items()}
        words = {name: column[rows] for name, column in self.words.items()}
        firms = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)
        return Frame(numbers, words, {name: one.take(firms) for name, one in self.held.items()})

    def only(self, names: list[str]) -> Frame:
        """These columns."""
        numbers = {name: column for name, column in self.numbers.items() if name in names}
        return Frame(numbers, {name: column for name, column in self.words.items() if name in names}, self.held)


def firms(tables: Mapping[str, Learned], of: str = "") -> Frame:
    """A table at the top ("": the first) with its descendants aggregated; those of another top are no part of it."""
    top = tables[of or tops(tables)[0]]
    numbers, words = dict[str, Floats](), dict[str, Words]()
    for table in family(tables, top.name).values():
        for name in table.columns.column_names:
            if name in table.one[:1]:
                continue  # which child it is true of nobody could know: a draw made it so
            column = table.columns[name].combine_chunks()
            label = name if table is top else f"{table.name}: {name}"
            if numeric(str(column.type)):
                numbers |= _numbers(label, column, table, top.rows)
            else:
                words[label] = _words(column) if table is top else _mode(column, table.firms(), top.rows)
        if table is not top:
            numbers[f"{table.name}: rows"] = np.bincount(table.firms(), minlength=top.rows).astype(np.float64)
    held = dict[str, Rows]()
    for table in family(tables, top.name).values():
        held |= Rows.of(table)
    return Frame(numbers, words, held)


def _numbers(label: str, column: pa.Array, table: Learned, firms_: int) -> dict[str, Floats]:
    values, valid = raw(column)
    if not table.parent:
        return {label: np.where(valid, values, np.nan)}
    owner, held = table.firms()[valid], values[valid]
    number = np.bincount(owner, minlength=firms_)
    some = number > 0
    largest = np.full(firms_, -np.inf)
    np.maximum.at(largest, owner, held)
    mean = np.bincount(owner, weights=held, minlength=firms_) / np.maximum(number, 1)
    return {f"{label}, mean": np.where(some, mean, np.nan), f"{label}, largest": np.where(some, largest, np.nan)}


def _words(column: pa.Array) -> Words:
    return np.asarray(column.cast(pa.string()).fill_null(NONE).to_numpy(zero_copy_only=False), np.str_)


def _mode(column: pa.Array, owner: Ints, firms_: int) -> Words:
    kinds, place = np.unique(_words(column), return_inverse=True)
    cells, number = np.unique(owner * len(kinds) + place, return_counts=True)
    order = np.lexsort((number, cells // max(len(kinds), 1)))
    out = np.full(firms_, NONE, kinds.dtype if len(kinds) else "U1")
    out[cells[order] // len(kinds)] = kinds[cells[order] % len(kinds)]  # the most frequent comes last and stays
    return out
