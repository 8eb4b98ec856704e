"""Raw columns cell by cell: numpy arrays, Arrow texts, either of them with holes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.draws.text import vocabulary_array
from sfbench.kit import Bools, Ints, Nullable

Positions = NDArray[np.integer[Any]]


def take(cells: Any, at: Positions) -> Any:
    """The cells at these positions."""
    if isinstance(cells, Nullable):
        return Nullable(take(cells.values, at), cells.valid[at])
    if isinstance(cells, np.ndarray):
        return cells[at]
    return cells.take(places(at))


def values(cells: Any) -> Any:
    """The values, void where a cell is null."""
    return cells.values if isinstance(cells, Nullable) else cells


def filled(cells: Any) -> Bools:
    """Where a cell is not null."""
    inside = values(cells)
    there = np.ones(len(inside), np.bool_)
    if isinstance(inside, pa.Array) and inside.null_count:
        there = flags(inside.is_valid())
    return there & cells.valid if isinstance(cells, Nullable) else there


def put(cells: Any, at: Positions, new: Any) -> Any:
    """A copy in which the cells at `at` (ascending) are `new`; a Nullable `new` says where they become null."""
    if isinstance(cells, Nullable) or isinstance(new, Nullable):
        valid = filled(cells)
        valid[at] = filled(new)
        return Nullable(put(values(cells), at, values(new)), valid)
    if isinstance(cells, np.ndarray):
        out = cells.copy()
        out[at] = new
        return out
    return replace(cells, at, new)


def unequal(a: Any, b: Any) -> Bools:
    """Where two columns of one kind and length differ; two nulls are equal."""
    there, other = filled(a), filled(b)
    left, right = values(a), values(b)
    arrays = isinstance(left, np.ndarray)
    differ = left != right if arrays else flags(pc.fill_null(pc.not_equal(left, right), False))
    return np.asarray((there != other) | (there & other & differ))


def codepoints(texts: Any) -> NDArray[np.uint32]:
    """Letters of Arrow texts as numbers, shape (rows, longest), 0 behind the end. For the few rows of a fault."""
    words = np.array(texts.to_pylist() or [""], np.str_)
    width = max(words.dtype.itemsize // 4, 1)
    return words.astype(f"U{width}").view(np.uint32).reshape(len(words), width)[: len(texts)].copy()


def from_codepoints(letters: NDArray[np.uint32]) -> Any:
    """Arrow texts of numbers as `codepoints` gives them."""
    rows, width = letters.shape
    if not rows:
        return vocabulary_array([])
    return vocabulary_array(np.ascontiguousarray(letters).view(f"U{width}").reshape(rows).tolist())


def lengths(letters: NDArray[np.uint32]) -> Ints:
    """Number of letters of each row of `codepoints`."""
    return np.asarray(np.count_nonzero(letters, axis=1), np.int64)


def replace(cells: Any, at: Positions, new: Any) -> Any:
    """A copy of an Arrow array in which the cells at `at` (ascending) are those of `new`."""
    there = np.zeros(len(cells), np.bool_)
    there[at] = True
    return pc.replace_with_mask(cells, mask(there), new)


def mask(there: Bools) -> Any:
    """Flags as Arrow."""
    return pa.Array.from_buffers(pa.bool_(), len(there), [None, pa.py_buffer(np.packbits(there, bitorder="little"))])


def flags(array: Any) -> Bools:
    """Arrow's flags (none of them null) as numpy."""
    bits = np.frombuffer(array.buffers()[1], np.uint8) if len(array) else np.zeros(0, np.uint8)
    return np.unpackbits(bits, bitorder="little", count=array.offset + len(array))[array.offset :].view(np.bool_)


def places(at: Positions) -> Any:
    """Positions as Arrow."""
    return pa.Array.from_buffers(pa.int64(), len(at), [None, pa.py_buffer(np.ascontiguousarray(at, np.int64))])
