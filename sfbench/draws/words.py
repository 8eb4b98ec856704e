"""Keys become words: a counter-based hash of (key, entity, ordinal), 64 random bits each.

The mix is SplitMix64's finaliser (Steele, Lea and Flood 2014: two rounds of xor-shift and multiply) with the "moremur"
constants of Pelle Evensen (2019), over a lattice with one odd step an axis. The key enters twice, before and between
the rounds: if it were only added at the start, any two keys would give one stream, shifted.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Index = NDArray[np.integer[Any]] | int  # integers that broadcast against their fellows

CHUNK = 1 << 14  # words mixed at a time: two buffers of 128 KiB stay in a core's own cache

_MASK = (1 << 64) - 1
_ENTITY_STEP = 0x9E3779B97F4A7C15  # 2**64 / golden ratio
_ORDINAL_STEP = 0xD1342543DE82EF95  # Steele and Vigna 2021, "Computationally easy, spectrally good multipliers"
_ROUNDS = 0x3C79AC492BA7B653, 0x1C69B3F74AC4AE35
_SHIFTS = 27, 33, 27
# 0-d arrays: a ufunc takes them in half the time of a numpy scalar, and most calls are short
_A, _B, _M1, _M2, _S1, _S2, _S3 = (
    np.array(number, np.uint64) for number in (_ENTITY_STEP, _ORDINAL_STEP, *_ROUNDS, *_SHIFTS)
)


def words(key: int, entity: Index, ordinal: Index = 0) -> Words:
    """One uint64 word for each cell of the broadcast shape of `entity` and `ordinal` (integers of at most 64 bits).

    A word depends on its own (key, entity, ordinal) alone: not on its position, its neighbours or the array's size.
    Two scalars give a 0-d array. Raises TypeError if an index is not of an integer type.
    """
    if isinstance(ordinal, int):  # the usual call: the ordinal joins the key, no second array
        entities = unsigned(entity)
        out = np.empty(entities.shape, np.uint64)
        np.multiply(entities, _A, out)
        np.add(out, np.array((key + ordinal * _ORDINAL_STEP) & _MASK, np.uint64), out)
    else:
        entities, ordinals = unsigned(entity), unsigned(ordinal)
        out = np.empty(np.broadcast_shapes(entities.shape, ordinals.shape), np.uint64)
        # the axes are stepped before they are broadcast: the shorter one costs next to nothing
        np.add(_step(entities, _A, 0), _step(ordinals, _B, key & _MASK), out=out)
    second = _second(key)
    if out.size <= CHUNK:  # most calls: in place, without a copy of the shape
        _mix(out, second, np.empty_like(out))
        return out
    target, scratch = out.reshape(-1), np.empty(CHUNK, np.uint64)
    for low in range(0, target.size, CHUNK):
        part = target[low : low + CHUNK]
        _mix(part, second, scratch[: part.size])
    return out


def _mix(x: Words, second: Words, scratch: Words) -> None:
    """Both rounds, in place: a ufunc's last argument here is where its result goes."""
    np.right_shift(x, _S1, scratch)
    np.bitwise_xor(x, scratch, x)
    np.multiply(x, _M1, x)
    np.bitwise_xor(x, second, x)
    np.right_shift(x, _S2, scratch)
    np.bitwise_xor(x, scratch, x)
    np.multiply(x, _M2, x)
    np.right_shift(x, _S3, scratch)
    np.bitwise_xor(x, scratch, x)


@lru_cache(maxsize=4096)
def _second(key: int) -> Words:
    """The key's second injection, as a 0-d array."""
    return np.array(_scramble(key & _MASK), np.uint64)


def _scramble(x: int) -> int:
    """The same two rounds on one Python integer: the key's second injection."""
    x = ((x ^ (x >> _SHIFTS[0])) * _ROUNDS[0]) & _MASK
    x = ((x ^ (x >> _SHIFTS[1])) * _ROUNDS[1]) & _MASK
    return x ^ (x >> _SHIFTS[2])


def _step(index: Words, step: Words, start: int) -> Words:
    stepped = np.multiply(index.reshape(-1), step)  # 1-d: a numpy scalar would warn where an array wraps
    stepped += np.uint64(start)
    return stepped.reshape(index.shape)


def unsigned(index: Index) -> Words:
    if isinstance(index, int):
        return np.array(index & _MASK, np.uint64)
    array = np.asarray(index)
    if array.dtype.kind not in "iu":
        raise TypeError(f"an entity or an ordinal is an integer, got {array.dtype}")
    if array.dtype.itemsize < 8:
        array = array.astype(np.int64)  # sign-extended, so that int32 and int64 indices agree
    return array.view(np.uint64)
