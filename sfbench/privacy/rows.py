"""Single rows, and marks that are equal where rows are: what aggregates of a firm's rows cannot tell."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.draws.words import words
from sfbench.synth.columns import numeric, raw
from sfbench.synth.learned import Ints, Learned

KEY = 0x2545F491
DIGITS = 2.0**40  # of a number: twelve decimals, so that a file of another kind does not hide a copy
NULL = -1
NUMBERS = " (numbers)"  # behind a table's name: its rows without words
Marks = NDArray[np.uint64]


@dataclass(frozen=True)
class Rows:
    """Rows of one table: the firm of each (ascending), and which of `columns` it is.

    What is learned of them is read when it is asked for: a case needs a part of a large table's rows.
    """

    firm: Ints
    row: Ints
    columns: pa.Table

    @classmethod
    def of(cls, table: Learned) -> dict[str, Rows]:
        """Of a table that is learned: whole rows, and numbers alone if it has words, too.

        Keys and references are no part of a row: a copy has others. Words may be learned as differing from the firm's
        (a note's use from its trade), so a note on another firm has others; its amounts and days are the same.
        """
        names = [name for name in table.columns.column_names if name not in table.one[:1]]  # which a draw says anew
        numbers = [name for name in names if numeric(str(table.columns.schema.field(name).type))]
        order = np.argsort(table.firms(), kind="stable")
        whole = cls(table.firms()[order], order, table.columns.select(names))
        if not 0 < len(numbers) < len(names):
            return {table.name: whole}
        return {table.name: whole, f"{table.name}{NUMBERS}": cls(whole.firm, order, table.columns.select(numbers))}

    @cached_property
    def mark(self) -> Marks:
        """A hash of what the row says."""
        mark = np.zeros(len(self.row), np.uint64)
        for name in self.columns.column_names:
            mark = joined(mark, _cells(self.column(name)))
        return mark

    def column(self, name: str) -> pa.Array:
        """A column of these rows."""
        return self.columns[name].combine_chunks().take(pa.array(self.row))

    def take(self, firms: Ints) -> Rows:
        """The rows of these firms, which are numbered anew in their order; a firm may stand there more than once."""
        start = np.searchsorted(self.firm, firms, side="left")
        size = np.searchsorted(self.firm, firms, side="right") - start
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        held = self.row[np.repeat(start, size) + within]
        return Rows(np.repeat(np.arange(len(firms)), size), held, self.columns)


def joined(mark: Marks, cells: Marks) -> Marks:
    """A hash of what was hashed before, and of one more cell of each row."""
    return words(KEY, mark.view(np.int64), cells.view(np.int64))


def _cells(column: pa.Array) -> Marks:
    return of_numbers(*raw(column), DIGITS) if numeric(str(column.type)) else of_words(column)


def of_numbers(values: NDArray[np.float64], valid: NDArray[np.bool_], digits: float) -> Marks:
    """A hash of each number: of so many parts of its power of two."""
    part, power = np.frexp(np.where(valid, values, 0.0))
    cells = words(KEY, np.rint(part * digits).astype(np.int64), power.astype(np.int64))
    return np.where(valid, cells, words(KEY, NULL))


def of_words(column: pa.Array) -> Marks:
    """A hash of each word of a column of codes or texts."""
    said = column.cast(pa.string()).dictionary_encode()
    kinds = np.array([_of_word(word) for word in said.dictionary.to_pylist()] + [NULL], np.int64)
    place = np.asarray(said.indices.fill_null(len(kinds) - 1)).astype(np.int64)
    return words(KEY, kinds)[place]


def _of_word(word: str) -> int:
    """48 bits, the same on every side: Python's own hash is not."""
    text = word.encode()
    return zlib.crc32(text) << 16 | zlib.adler32(text) & 0xFFFF
