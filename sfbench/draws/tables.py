"""Tables that turn a uniform into a category or a quantity, without exp, log or pow: the same value on every CPU."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sfbench.draws.words import CHUNK
from sfbench.errors import SfbenchError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BITS = 53  # a uniform is a 53-bit integer times 2**-53, so thresholds live on that scale
_SCALE = float(1 << _BITS)
_CELLS = 1024  # of the guide of a row
_MIXED = -1  # a guide cell that a threshold crosses


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """Weighted categories 0..n-1: a guide table answers nearly all draws, the cumulative one the rest.

    Both give the same index: the guide is only speed. Weights are honoured to 2**-53 of their sum.
    """

    cumulative: Integers  # (n,) on the 2**53 scale, the last is 2**53
    guide: NDArray[np.int32]  # (cells,) the index of every uniform of the cell, or _MIXED
    shift: int  # a 53-bit uniform >> shift is its cell

    @classmethod
    def of(cls, weights: ArrayLike) -> Choice:
        """From weights >= 0 of any sum > 0, shape (n,); raises SfbenchError if they are not."""
        array = np.asarray(weights, np.float64)
        if array.ndim != 1 or not array.size or not np.isfinite(array).all() or array.min() < 0 or not array.any():
            raise SfbenchError(
                f"these weights cannot be drawn from: {weights!r}"[:200], fix="give a flat list, >= 0, sum > 0"
            )
        return _choice(array.tobytes())

    def at(self, u: Floats) -> Integers:
        """The int64 category of each uniform in [0, 1); same shape."""
        return self.at_bits((np.asarray(u, np.float64) * _SCALE).astype(np.int64))

    def at_bits(self, bits: Integers) -> Integers:
        """The same for uniforms given as 53-bit integers."""
        out = np.empty(bits.shape, np.int64)
        source, target = bits.reshape(-1), out.reshape(-1)
        for start in range(0, target.size, CHUNK):
            part, index = source[start : start + CHUNK], target[start : start + CHUNK]
            index[:] = self.guide.take(part >> self.shift)
            crossed = np.flatnonzero(index == _MIXED)
            if crossed.size:
                index[crossed] = np.searchsorted(self.cumulative, part[crossed], "right")
        return out


@lru_cache(maxsize=128)
def _choice(weights: bytes) -> Choice:
    """A table by its weights: generators ask for the same few in every block, and a guide takes half a millisecond."""
    running = np.cumsum(np.frombuffer(weights))
    cumulative = np.rint(running / running[-1] * _SCALE).astype(np.int64)
    bits = 12 if running.size <= 64 else 16
    edges = np.arange((1 << bits) + 1, dtype=np.int64) << (_BITS - bits)
    first = np.searchsorted(cumulative, edges[:-1], "right")
    last = np.searchsorted(cumulative, edges[1:] - 1, "right")
    return Choice(cumulative, np.where(first == last, first, _MIXED).astype(np.int32), _BITS - bits)


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """A quantile function on an even grid of probabilities from 0 to 1, linear between grid points."""

    values: Floats  # (points,), not decreasing
    rise: Floats  # (points - 1,), from each point to the next

    @classmethod
    def of(cls, values: Sequence[float] | Floats) -> Quantiles:
        """From at least two finite values that do not decrease; raises SfbenchError otherwise."""
        array = np.asarray(values, np.float64)
        if array.ndim != 1 or array.size < 2 or not np.isfinite(array).all() or (np.diff(array) < 0).any():
            raise SfbenchError("a quantile table needs two or more finite values that do not decrease")
        return cls(array, np.diff(array))

    def at(self, u: Floats) -> Floats:
        """The quantile of each uniform in [0, 1]; same shape, the table's unit."""
        uniform = np.asarray(u, np.float64)
        out = np.empty(uniform.shape)
        source, target = uniform.reshape(-1), out.reshape(-1)
        cells = self.values.size - 1
        for start in range(0, target.size, CHUNK):  # a chunk's temporaries stay in cache
            place = source[start : start + CHUNK] * cells
            cell = np.minimum(place.astype(np.int64), cells - 1)
            place -= cell
            place *= self.rise.take(cell)
            np.add(place, self.values.take(cell), out=target[start : start + CHUNK])
        return out

    @property
    def mean(self) -> float:
        """The mean of what `at` returns for uniform u: the trapezoid rule is exact for a piecewise linear table."""
        return float((self.values[1:] + self.values[:-1]).sum() / 2 / (self.values.size - 1))


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceByRow:
    """Weighted categories where each row of a matrix has weights of its own: choose the column given the row."""

    edges: Floats  # (rows * columns,), row r's cumulative shares plus r, so one search serves all rows
    columns: int
    guide: Integers  # (rows * _CELLS,) the column of every uniform of the row's cell, or _MIXED: only speed

    @classmethod
    def of(cls, weights: ArrayLike) -> ChoiceByRow:
        """From weights >= 0 of shape (rows, columns), each row's sum > 0; raises SfbenchError if they are not."""
        array = np.asarray(weights, np.float64)
        if array.ndim != 2 or not array.size or not np.isfinite(array).all() or array.min() < 0:
            raise SfbenchError(
                "these weights cannot be drawn from by row", fix="give a matrix, >= 0, each row's sum > 0"
            )
        total = array.sum(axis=1, keepdims=True)
        if not (total > 0).all():
            raise SfbenchError(
                f"row {int(np.argmin(total))} of the weights sums to nothing", fix="give it a weight > 0"
            )
        edges = np.cumsum(array, axis=1) / total
        edges[:, -1] = 1.0
        # A column of no weight at the end of a row must not be chosen for u just below 1.
        last = array.shape[1] - 1 - np.argmax(array[:, ::-1] > 0, axis=1)
        for_row = np.arange(array.shape[1])[None, :] >= last[:, None]
        edges[for_row] = 1.0
        row = np.arange(len(edges))[:, None]
        flat, cells = (edges + row).reshape(-1), np.arange(_CELLS + 1) / _CELLS
        # Both ends of a cell are searched as a uniform would be; the upper one may be reached by rounding.
        found = (
            np.searchsorted(flat, np.minimum(row + cells, row + (1.0 - 2.0**-40)), side="right") - row * array.shape[1]
        )
        guide = np.where(found[:, :-1] == found[:, 1:], found[:, :-1], _MIXED)
        return cls(flat, array.shape[1], guide.reshape(-1))

    def at(self, row: Integers, u: Floats) -> Integers:
        """The int64 column for each row and uniform in [0, 1); shapes are equal."""
        out = np.asarray(self.guide.take(row * _CELLS + (u * _CELLS).astype(np.int64)))
        crossed = np.flatnonzero(out == _MIXED)
        if crossed.size:
            some = row[crossed]
            # u is kept below 1 after the row number is added: spacing at 4096 rows is 2**-40.
            place = np.minimum(some + u[crossed], some + (1.0 - 2.0**-40))
            out[crossed] = np.searchsorted(self.edges, place, side="right") - some * self.columns
        return out
