"""Build quantile tables, offline: the only place where exp, log and powers are allowed.

`benchmarks/make_quantiles.py` writes the tables to a file with their values in full; generation reads that file and
never comes here.
All have an even grid of probabilities; the ends are clamped to [1 - cap, cap], so that they are finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def normal_table(points: int = 1025, cap: float = 0.9999) -> Floats:
    """Standard normal quantiles, shape (points,), odd-symmetric, scaled to variance 1 as interpolated."""
    inverse = NormalDist().inv_cdf
    upper = _grid(inverse, points, cap)
    table = (upper - upper[::-1]) / 2  # the approximation is symmetric only to an ulp
    a, b = table[:-1], table[1:]
    variance = math.fsum((a * a + a * b + b * b) / 3) / (points - 1)
    return np.asarray(table / math.sqrt(variance))


def lognormal_table(sigma: float, points: int = 1025, cap: float = 0.9999) -> Floats:
    """Lognormal quantiles of log-scale standard deviation sigma >= 0 and mean 1: a factor to multiply a mean by."""
    inverse = NormalDist().inv_cdf
    return _mean_one(_grid(lambda p: math.exp(sigma * inverse(p)), points, cap))


def to_rows(name: str, table: Floats) -> Iterator[tuple[str, int, str]]:
    """(name, point, value) rows for a CSV file; the text of a value reads back to the same float64."""
    return ((name, point, repr(float(value))) for point, value in enumerate(table))


def _grid(quantile: Callable[[float], float], points: int, cap: float) -> Floats:
    probabilities = np.clip(np.arange(points) / (points - 1), 1.0 - cap, cap)
    return np.array([quantile(float(p)) for p in probabilities])


def _mean_one(table: Floats) -> Floats:
    inner = math.fsum(table) - (float(table[0]) + float(table[-1])) / 2  # trapezoid rule
    return np.asarray(table / (inner / (table.size - 1)))
