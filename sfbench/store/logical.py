"""Logical hashes: what a column says, however it is encoded.

A batch's digest depends on values and nulls alone, not on encoding, compression, dictionary order, decimal width or
the machine. Digests of consecutive batches are chained by a polynomial over the prime 2^127 - 1; chaining is
associative, so a table's hash follows from its files' hashes and does not change when the same batches are spread over
other files.
This guards against accidents and shows what changed; against intent stands the SHA-256 of each file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

_PRIME = 2**127 - 1
_BASE = int(xxhash.xxh3_128_hexdigest(b"sfbench logical hash 1"), 16) % _PRIME
_PRIMITIVE = {pa.int64(): np.int64, pa.date32(): np.int32, pa.float64(): np.float64}
if sys.byteorder != "little":  # the canonical bytes are Arrow's own buffers, which are little-endian here
    raise SfbenchError("logical hashes need a little-endian machine")


class Chain(NamedTuple):
    """Digest of `length` consecutive batches of one column; `Chain()` stands for none."""

    value: int = 0
    length: int = 0

    def then(self, other: Chain) -> Chain:
        """The chain of both, this one first."""
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
    return (
        kind in _PRIMITIVE
        or pa.types.is_decimal64(kind)
        or (pa.types.is_decimal128(kind) and kind.precision <= 18)
        or pa.types.is_boolean(kind)
        or pa.types.is_string(kind)
        or pa.types.is_dictionary(kind)
    )


def _digest(name: str, array: pa.Array) -> int:
    if not hashable(array.type):
        raise SfbenchError(f"a column of type {array.type} has no logical hash", where=name)
    state = xxhash.xxh3_128()
    state.update(np.int64(len(array)).tobytes())
    if array.null_count:  # nulls: where they are, then only the values that stand
        valid = _flags(array.buffers()[0], array.offset, len(array))
        state.update(b"\x01" + np.packbits(valid).tobytes())
        array = array.drop_null()
    for piece in _canonical(array):
        state.update(np.ascontiguousarray(piece).data)
    return int(state.intdigest()) % _PRIME


def _canonical(array: pa.Array) -> Iterable[NDArray[Any]]:
    """The canonical bytes of an array without nulls."""
    kind, offset, rows = array.type, array.offset, len(array)
    if rows == 0:
        return ()
    if kind in _PRIMITIVE:
        values = np.frombuffer(array.buffers()[1], _PRIMITIVE[kind])[offset : offset + rows]
        return (np.where(np.isnan(values), np.nan, values),) if kind == pa.float64() else (values,)
    if pa.types.is_decimal64(kind):
        return (np.frombuffer(array.buffers()[1], np.int64)[offset : offset + rows],)
    if pa.types.is_decimal128(kind):
        return (np.frombuffer(array.buffers()[1], np.int64)[2 * offset : 2 * (offset + rows) : 2],)
    if pa.types.is_boolean(kind):
        return (_flags(array.buffers()[1], offset, rows),)
    if pa.types.is_string(kind):
        ends = np.frombuffer(array.buffers()[1], np.int32)[offset : offset + rows + 1]
        data = array.buffers()[2]
        text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data is not None and data.size else ends[:0]
        return np.diff(ends), text
    # A code is hashed as its text, not as its position: a new allowed value must not change other columns' hashes.
    words = [xxhash.xxh32_intdigest(str(word).encode()) for word in array.dictionary.to_pylist()]
    width = np.dtype(f"i{kind.index_type.bit_width // 8}")
    positions = np.frombuffer(array.indices.buffers()[1], width)[array.indices.offset :][:rows]
    return (np.array(words, np.uint32).take(positions),)


def _flags(bitmap: Any, offset: int, rows: int) -> NDArray[np.uint8]:
    bits = np.unpackbits(np.frombuffer(bitmap, np.uint8), bitorder="little", count=offset + rows)
    return bits[offset:]
