"""Missing figures of the assessed period: matrix [unit, indicator] in, the same out, filled where the rule can fill.

What is still missing afterwards takes its unit out of the assessment, with the reason; so `drop` fills nothing.
"""

from __future__ import annotations

import numpy as np

from sfbench.assess.context import Context
from sfbench.assess.iterative import iterative
from sfbench.assess.options import Count
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def drop(x: Floats, context: Context) -> Floats:
    """Leave gaps: a unit with one is not assessed (case deletion)."""
    return x


def mean(x: Floats, context: Context) -> Floats:
    """Mean of the units that report."""
    count = np.isfinite(x).sum(axis=0)
    own = np.nansum(x, axis=0) / np.where(count > 0, count, np.nan)
    # a mean of figures that are all 0.1 may be rounded, and would rank above them
    return _fill(x, np.clip(own, np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0)))


def median(x: Floats, context: Context) -> Floats:
    """Median of the units that report."""
    return _fill(x, _median(x))


def peer_median(x: Floats, context: Context) -> Floats:
    """Median of the peers that report; a gap stays where none does."""
    filled = x.copy()
    for group in np.unique(context.groups):
        own = context.groups == group
        filled[own] = _fill(x[own], _median(x[own]))
    return filled


def last_observed(x: Floats, context: Context, *, periods: Count) -> Floats:
    """The unit's own latest figure of at most `periods` periods before; a gap stays where there is none."""
    past = context.history[:, -periods:]
    if not past.shape[1]:
        return x
    seen = np.isfinite(past)
    newest = past.shape[1] - 1 - np.argmax(seen[:, ::-1], axis=1)
    own = np.take_along_axis(past, newest[:, None], axis=1)[:, 0]
    return np.where(np.isnan(x), own, x)


def worst_observed(x: Floats, context: Context) -> Floats:
    """The worst figure that any unit reports: not to report never pays."""
    return _fill(x, context.sign * np.fmin.reduce(x * context.sign, axis=0))


def best_observed(x: Floats, context: Context) -> Floats:
    """The best figure that any unit reports: the upper end of `bounds`."""
    return _fill(x, context.sign * np.fmax.reduce(x * context.sign, axis=0))


def bounds(x: Floats, context: Context) -> Floats:
    """Both the worst and the best figures that any unit reports: intervals of score and rank, by `chain.run`."""
    raise SfbenchError("`bounds` is two matrices, not one", fix="call chain.run")


def _fill(x: Floats, values: Floats) -> Floats:
    return np.where(np.isnan(x), values, x)


def _median(x: Floats) -> Floats:
    """Median of each column's figures; NaN for a column without any, without numpy's warning."""
    count = np.isfinite(x).sum(axis=0)
    ordered = np.sort(x, axis=0)  # NaN last
    low, high = (np.take_along_axis(ordered, np.maximum(at, 0)[None], 0)[0] for at in ((count - 1) // 2, count // 2))
    return np.asarray((low + high) / 2)


_ALL = (drop, mean, median, peer_median, last_observed, worst_observed, best_observed, iterative, bounds)
KINDS = {f.__name__: f for f in _ALL}
