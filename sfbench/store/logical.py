"""Logical hashes: what a column says, however it is encoded.

A batch's digest depends on values and nulls alone, not on encoding, compression, dictionary order, decimal width or
the machine. Digests of consecutive batches are chained by a polynomial over the prime 2^127 - 1; chaining is
associative, so a table's hash follows from its files' hashes and does not change when the same batches are spread over
other files.
This guards against accidents and shows what changed; against intent stands the SHA-256 of each file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

_PRIME = 2**127 - 1
_BASE = int(xxhash.xxh3_128_hexdigest(b"sfbench logical hash 1"), 16) % _PRIME
if sys.byteorder != "little":  # the canonical bytes are Arrow's own buffers, which are little-endian here
    raise SfbenchError("logical hashes need a little-endian machine")


class Chain(NamedTuple):
    """Digest of `length` consecutive batches of one column; `Chain()` stands for none."""

    value: int = 0
    length: int = 0

    def then(self, other: Chain) -> Chain:
        """The chain of both, this one first."""
        if not self.value and not self.length:
            return other
        value = (self.value * pow(_BASE, other.length, _PRIME) + other.value) % _PRIME
        return Chain(value, self.length + other.length)

    @property
    def hex(self) -> str:
        """32 hexadecimal digits."""
        return f"{self.value:032x}"


Chains = dict[str, Chain]  # column name -> chain


def column_hashes(batch: pa.RecordBatch) -> Chains:
    """One chain of length 1 per column of a non-empty batch. Raises SfbenchError for a type that no kind has."""
    return {name: Chain(_digest(name, batch.column(i)), 1) for i, name in enumerate(batch.schema.names)}


def chained(parts: Iterable[Chains], names: Iterable[str]) -> Chains:
    """The chains of consecutive runs of batches, joined column by column; columns of no batches are `Chain()`."""
    total = {name: Chain() for name in names}
    for part in parts:
        total = {name: chain.then(part[name]) for name, chain in total.items()}
    return total


def hashable(kind: pa.DataType) -> bool:
    """Whether a column of this type can be hashed: the types of `arrow.schema`, with either decimal width."""
    return kind.id in _CANONICAL and (kind.id != pa.lib.Type_DECIMAL128 or kind.precision <= 18)


def _digest(name: str, array: pa.Array) -> int:
    kind = array.type
    if not hashable(kind):
        raise SfbenchError(f"a column of type {kind} has no logical hash", where=name)
    state = xxhash.xxh3_128(len(array).to_bytes(8, "little"))
    valid = None
    if array.null_count:  # nulls: where they are, then only the values that stand
        valid = _flags(array.buffers()[0], array.offset, len(array))
        state.update(b"\x01" + np.packbits(valid).tobytes())
        if kind.id == pa.lib.Type_STRING:
            array, valid = array.drop_null(), None
    for piece in _CANONICAL[kind.id](array, array.offset, len(array)) if len(array) else ():
        standing = piece if valid is None else piece.take(np.flatnonzero(valid.view(np.bool_)))
        state.update(np.ascontiguousarray(standing).data)
    return int(state.intdigest()) % _PRIME


# The canonical bytes of an array, by type: (array, its offset, its rows) -> pieces. Where a cell is null they are void.
Pieces = tuple[NDArray[Any], ...]


def _numbers(dtype: type[np.number[Any]]) -> Callable[[pa.Array, int, int], Pieces]:
    return lambda array, offset, rows: (np.frombuffer(array.buffers()[1], dtype)[offset : offset + rows],)


def _floats(array: pa.Array, offset: int, rows: int) -> Pieces:
    values = np.frombuffer(array.buffers()[1], np.float64)[offset : offset + rows]
    return (np.where(np.isnan(values), np.nan, values),)


def _wide_decimals(array: pa.Array, offset: int, rows: int) -> Pieces:
    return (np.frombuffer(array.buffers()[1], np.int64)[2 * offset : 2 * (offset + rows) : 2],)


def _booleans(array: pa.Array, offset: int, rows: int) -> Pieces:
    return (_flags(array.buffers()[1], offset, rows),)


def _texts(array: pa.Array, offset: int, rows: int) -> Pieces:
    _, ends, data = array.buffers()
    ends = np.frombuffer(ends, np.int32)[offset : offset + rows + 1]
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None and data.size else ends[:0]
    return np.diff(ends), text


def _coded(array: pa.Array, offset: int, rows: int) -> Pieces:
    # A code is hashed as its text, not as its position: a new allowed value must not change other columns' hashes.
    indices = array.indices
    width = np.dtype(f"i{array.type.index_type.bit_width // 8}")
    positions = np.frombuffer(indices.buffers()[1], width)[offset : offset + rows]
    return (_word_hashes(tuple(array.dictionary.to_pylist())).take(positions),)


@lru_cache(maxsize=1024)
def _word_hashes(words: tuple[str, ...]) -> NDArray[np.uint32]:
    return np.array([xxhash.xxh32_intdigest(str(word).encode()) for word in words], np.uint32)


_CANONICAL: dict[int, Callable[[pa.Array, int, int], Pieces]] = {
    pa.lib.Type_INT64: _numbers(np.int64),
    pa.lib.Type_DECIMAL64: _numbers(np.int64),
    pa.lib.Type_DECIMAL128: _wide_decimals,
    pa.lib.Type_DATE32: _numbers(np.int32),
    pa.lib.Type_DOUBLE: _floats,
    pa.lib.Type_BOOL: _booleans,
    pa.lib.Type_STRING: _texts,
    pa.lib.Type_DICTIONARY: _coded,
}


def _flags(bitmap: Any, offset: int, rows: int) -> NDArray[np.uint8]:
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little", count=offset + rows)
    return bits[offset:]
