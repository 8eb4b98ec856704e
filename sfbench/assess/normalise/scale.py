"""Normalisations that keep distances: matrix [unit, indicator] in, the same out, more is better.

Formulas: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 5.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Context
from sfbench.assess.options import Positive, SomeIndicators
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def none(x: Floats, context: Context) -> Floats:
    """Figures as they are, direction and all: for points that are given, and for methods that normalise themselves."""
    return x


def z(x: Floats, context: Context, *, ddof: Literal[0, 1]) -> Floats:
    """(x - mean) / standard deviation; 0 where no unit differs. `ddof` 1 is the sample's, 0 the population's."""
    return context.sign * _over(x - x.mean(axis=0), spread(x, ddof))


def min_max(x: Floats, context: Context) -> Floats:
    """0 for the worst unit, 1 for the best; 0.5 where no unit differs."""
    low, high = x.min(axis=0), x.max(axis=0)
    share = np.where(high > low, _over(x - low, high - low), 0.5)
    return np.asarray(np.where(context.sign > 0, share, 1 - share))


def goalposts(x: Floats, context: Context, *, cap: bool) -> Floats:
    """0 at the worst goalpost, 1 at the best one; with `cap`, figures beyond a goalpost count as the goalpost."""
    low, high = context.goalposts.T
    share = (x - low) / (high - low)
    share = np.clip(share, 0, 1) if cap else share
    return np.asarray(np.where(context.sign > 0, share, 1 - share))


def distance_to_best(x: Floats, context: Context) -> Floats:
    """Relative distance from the best unit: 0 for it, below 0 for the others; NaN where the best figure is 0."""
    return _relative(x, np.where(context.sign > 0, x.max(axis=0), x.min(axis=0)), context)


def distance_to_mean(x: Floats, context: Context) -> Floats:
    """Relative distance from the mean of the units, above 0 for the better ones; NaN where the mean is 0."""
    return _relative(x, x.mean(axis=0), context)


def distance_to_reference(x: Floats, context: Context, *, values: SomeIndicators) -> Floats:
    """Relative distance from a reference figure per indicator, such as a benchmark bank's or a target."""
    lack = [name for name in context.names if name not in values]
    if lack:
        raise SfbenchError(f"no reference figure for {', '.join(lack)}", fix="add it to `values`")
    return _relative(x, np.array([values[name] for name in context.names]), context)


def share_of_total(x: Floats, context: Context, *, points: Positive) -> Floats:
    """Share of the sum over the assessed units, times `points` (Basel G-SIB: 10,000, basis points).

    NaN where the sum is not positive: of two losses the larger one would have the larger share.
    """
    total = x.sum(axis=0)
    return x / np.where(total > 0, total, np.nan) * points


def spread(x: Floats, ddof: int) -> Floats:
    """Standard deviation [indicator] over units; exactly 0 where no unit differs, or one is alone."""
    differs = x.max(axis=0) > x.min(axis=0)  # rounding of the mean must not make a spread out of nothing
    return np.where(differs, np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=0) / max(len(x) - ddof, 1)), 0.0)


def _over(part: Floats, whole: Floats) -> Floats:
    return np.asarray(part / np.where(whole == 0, 1.0, whole) * (whole != 0))


def _relative(x: Floats, reference: Floats, context: Context) -> Floats:
    relative: Floats = (x - reference) / np.where(reference == 0, np.nan, np.abs(reference))
    return relative * context.sign


KINDS = {
    f.__name__: f
    for f in (
        none,
        z,
        min_max,
        goalposts,
        distance_to_best,
        distance_to_mean,
        distance_to_reference,
        share_of_total,
    )
}
