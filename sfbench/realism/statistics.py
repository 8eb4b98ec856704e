"""Statistics of the field on plain arrays. Only numpy; nothing here knows a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BENFORD = np.log10(1 + 1 / np.arange(1, 10))
_POWERS = 10 ** np.arange(19, dtype=np.int64)


def hill(values: ArrayLike, top: float) -> tuple[float | None, int]:
    """(Hill's estimate of the Pareto exponent over the top share of the positive values, number of values used)."""
    x = np.sort(np.asarray(values, np.float64))
    x = x[x > 0]
    used = int(len(x) * top)
    if used < 2:
        return None, used
    excess = float(np.log(x[-used:]).sum() - used * np.log(x[-used - 1]))
    return (used / excess if excess > 0 else None), used


def log_sd(values: ArrayLike) -> tuple[float | None, int]:
    """(standard deviation of the logs of the positive values, their number)."""
    x = np.asarray(values, np.float64)
    x = x[x > 0]
    return (float(np.log(x).std()) if len(x) > 1 else None), len(x)


def survivor(values: ArrayLike, points: int = 200) -> tuple[Floats, Floats]:
    """(value, share of the positive values at or above it), thinned evenly in the log of the rank for a plot."""
    x = np.sort(np.asarray(values, np.float64))
    x = x[x > 0][::-1]
    rank = np.unique(np.geomspace(1, max(len(x), 1), points).astype(np.int64))[: len(x)]
    return x[rank - 1] if len(x) else x, rank / max(len(x), 1)


def gini(values: ArrayLike) -> float | None:
    """Gini coefficient of values >= 0; None if they sum to nothing."""
    x = np.sort(np.asarray(values, np.float64))
    total = x.sum()
    if not total > 0:
        return None
    rank = np.arange(1, len(x) + 1)
    return float(2 * (rank * x).sum() / (len(x) * total) - (len(x) + 1) / len(x))


def top_share(values: ArrayLike, share: float) -> float | None:
    """Share of the total that the largest `share` of the values hold (one value at least)."""
    x = np.sort(np.asarray(values, np.float64))[::-1]
    total = x.sum()
    return float(x[: max(1, round(len(x) * share))].sum() / total) if total > 0 else None


def first_digits(cents: Ints) -> Floats:
    """Shares of the first digits 1 to 9 among positive whole amounts."""
    x = cents[cents > 0]
    digit = x // _POWERS[np.searchsorted(_POWERS, x, "right") - 1]
    return np.asarray(np.bincount(digit, minlength=10)[1:10] / max(len(x), 1))


def benford_distance(shares: Floats) -> float:
    """Mean absolute deviation from Benford's law, as Nigrini uses it."""
    return float(np.abs(shares - BENFORD).mean())


def round_share(cents: Ints, digits: int) -> float | None:
    """Share of positive whole amounts that have at most so many significant digits."""
    x = cents[cents > 0]
    length = np.searchsorted(_POWERS, x, "right")
    unit = _POWERS[np.maximum(length - digits, 0)]
    return float((x % unit == 0).mean()) if len(x) else None


def kaplan_meier(entry: Ints, leave: Ints, ended: NDArray[np.bool_], span: int) -> tuple[Floats, Ints]:
    """(survival at the end of periods 0..span-1, number at risk in each), with delayed entry.

    A subject is at risk from period `entry` to `leave`, and ends in `leave` where `ended`.
    """
    inside = (entry < span) & (leave >= entry)
    entry, leave, ended = entry[inside], leave[inside], ended[inside]
    last = np.minimum(leave, span - 1)
    risk = np.cumsum(np.bincount(entry, minlength=span) - np.bincount(last + 1, minlength=span + 1)[:span])
    ends = np.bincount(leave[ended & (leave < span)], minlength=span)
    survival = np.cumprod((1 - ends / np.maximum(risk, 1)).astype(np.float64))
    return np.asarray(survival, np.float64), risk.astype(np.int64)


def spearman(a: ArrayLike, b: ArrayLike) -> float | None:
    """Rank correlation; ties share their mean rank. None if either is constant."""
    ranks = [_ranks(np.asarray(x, np.float64)) for x in (a, b)]
    if len(ranks[0]) < 3 or any(rank.std() == 0 for rank in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(x: Floats) -> Floats:
    _, place, count = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    return np.asarray((last - (count - 1) / 2)[place])


def cramers_v(table: ArrayLike) -> float | None:
    """Association of rows and columns of a table of counts, 0 to 1; empty rows and columns do not count."""
    counts = np.asarray(table, np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape, default=0) < 2:
        return None
    total = counts.sum()
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0, keepdims=True) / total
    chi2 = ((counts - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / total / (min(counts.shape) - 1)))


def irr(flows: Floats, low: float = -0.95, high: float = 3.0) -> float | None:
    """Yearly internal rate of return of yearly flows, by bisection; None if no rate in the range fits."""
    years = np.arange(len(flows))

    def value(rate: float) -> float:
        return float((flows / (1 + rate) ** years).sum())

    if not value(low) > 0 > value(high):
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if value(middle) > 0 else (low, middle)
    return (low + high) / 2
