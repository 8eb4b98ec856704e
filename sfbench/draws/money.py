"""Money in whole cents (int64): split, repaid and rounded by integer rules, so that every sum is exact."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sfbench.errors import SfbenchError

Cents = NDArray[np.int64]

_LIMIT = 1 << 31  # a row's weights, as integers, sum to less: weight * remainder stays within int64
_POWERS = 10 ** np.arange(19, dtype=np.int64)


def split(total: ArrayLike, weights: NDArray[Any] | tuple[NDArray[Any], NDArray[np.integer[Any]]]) -> Cents:
    """Split each total among its children in proportion to weights >= 0, by largest remainder (Hamilton's method).

    total: int64 cents, shape (rows,), of either sign. weights: (rows, children), or ragged as (values, offsets) where
    row r owns values[offsets[r]:offsets[r+1]]. Returns int64 cents of the shape of the weights; every row sums to its
    total exactly; equal remainders are served from the left; a weight of zero gets nothing. Integer weights
    with a row sum below 2**31 are honoured exactly, others to about 2**-30 of the row's sum. Raises SfbenchError for a
    total that is not zero in a row without a positive weight, and for a negative or non-finite weight.
    """
    totals = np.atleast_1d(np.asarray(total, np.int64))
    if isinstance(weights, tuple):
        values, offsets = np.asarray(weights[0]), np.asarray(weights[1], np.int64)
        shape = values.shape
    else:
        matrix = np.asarray(weights)
        shape, values = matrix.shape, matrix.reshape(-1)
        offsets = np.arange(matrix.shape[0] + 1, dtype=np.int64) * matrix.shape[1]
    if offsets.size != totals.size + 1 or offsets[0] != 0 or offsets[-1] != values.size:
        raise SfbenchError(f"{totals.size} totals do not fit weights of {offsets.size - 1} rows, {values.size} values")
    counts = np.diff(offsets)
    row = np.repeat(np.arange(totals.size), counts)
    whole, sums = _whole_weights(values, row, offsets)
    if ((sums == 0) & (totals != 0)).any():
        bad = int(np.flatnonzero((sums == 0) & (totals != 0))[0])
        raise SfbenchError(f"a total of {totals[bad]} cents has no child to go to (row {bad})")
    size = np.abs(totals)
    lots, rest = np.divmod(size, np.maximum(sums, 1))
    fine = rest[row] * whole
    extra, remainder = np.divmod(fine, np.maximum(sums, 1)[row])
    share = lots[row] * whole + extra
    left = rest - _row_sums(extra, offsets)
    # one key sorts by row, then by falling remainder; the stable sort breaks ties by position
    order = np.argsort(row * _LIMIT + (_LIMIT - 1 - remainder), kind="stable")
    rank = np.arange(values.size) - offsets[:-1][row]
    share[order[rank < left[row]]] += 1
    return np.asarray((share * np.sign(totals)[row]).reshape(shape))


def _whole_weights(values: NDArray[Any], row: NDArray[np.int64], offsets: NDArray[np.int64]) -> tuple[Cents, Cents]:
    """Weights as integers with row sums below 2**31, and those sums. A row's result depends on that row alone."""
    if values.size and not (np.isfinite(values).all() and values.min() >= 0):
        raise SfbenchError("a weight of a split is negative or not finite")
    small: NDArray[np.bool_] = np.zeros(offsets.size - 1, np.bool_)
    if values.dtype.kind in "iub":
        whole = np.minimum(values, _LIMIT).astype(np.int64)
        sums = _row_sums(whole, offsets)
        small = sums < _LIMIT
        if small.all():
            return whole, sums
    # the peak, unlike a float sum, does not depend on the order of the children
    filled = offsets[:-1][np.diff(offsets) > 0]
    peak = np.zeros(offsets.size - 1)
    if filled.size:
        peak[np.diff(offsets) > 0] = np.maximum.reduceat(values.astype(np.float64), filled)
    scaled = (values / np.where(peak > 0, peak, 1.0)[row] * float(_LIMIT >> 1)).astype(np.int64)
    sums = np.maximum(_row_sums(scaled, offsets), 1)
    scaled = np.where((sums >= _LIMIT)[row], scaled * (_LIMIT - 1) // sums[row], scaled)
    if small.any():
        scaled = np.where(small[row], np.minimum(values, _LIMIT).astype(np.int64), scaled)
    return scaled, _row_sums(scaled, offsets)


def _row_sums(values: Cents, offsets: NDArray[np.int64]) -> Cents:
    running = np.zeros(values.size + 1, np.int64)
    np.cumsum(values, out=running[1:])
    return running[offsets[1:]] - running[offsets[:-1]]


def instalment(principal: ArrayLike, n: ArrayLike, k: ArrayLike) -> Cents:
    """floor(principal * k / n): cents repaid after k of n equal instalments, for 0 <= k <= n and principal up to 1e17.

    The k-th payment is instalment(p, n, k) - instalment(p, n, k - 1); the payments differ by a cent at most, and add
    up to the principal.
    """
    whole, parts, paid = (np.asarray(number, np.int64) for number in (principal, n, k))
    quotient = whole // parts  # with the product, a third of the time of divmod
    return np.asarray(quotient * paid + (whole - quotient * parts) * paid // parts, np.int64)


def round_to(cents: ArrayLike, unit: ArrayLike) -> Cents:
    """The nearest multiple of `unit` cents (>= 1), halves away from zero."""
    amount, step = np.asarray(cents, np.int64), np.asarray(unit, np.int64)
    return np.asarray(np.sign(amount) * ((np.abs(amount) + step // 2) // step * step), np.int64)


def round_significant(cents: ArrayLike, digits: ArrayLike, u: ArrayLike) -> Cents:
    """Round to `digits` (>= 1) significant digits, up or down at random so that the expected amount stays the same.

    u: uniforms in [0, 1), one an amount. An amount of few enough digits stays as it is. Amounts heap at round
    numbers as loan principals do, yet their total is unbiased.
    """
    amount = np.asarray(cents, np.int64)
    size = np.abs(amount)
    length = np.searchsorted(_POWERS, size, "right")
    unit = _POWERS.take(np.maximum(length - np.asarray(digits, np.int64), 0))
    rest = size % unit
    up = (np.asarray(u, np.float64) * unit).astype(np.int64) < rest  # true for `rest` of the `unit` equal slices of u
    return np.asarray(np.sign(amount) * (size - rest + up * unit), np.int64)
