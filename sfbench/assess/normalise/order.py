"""Normalisations that keep order only: matrix [unit, indicator] in, the same out, more is better.

Formulas: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 5.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Context
from sfbench.assess.options import Positive
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def rank(x: Floats, context: Context) -> Floats:
    """Number of units that a unit leaves behind, a tie counting half: 0 for the last of all, n - 1 for the first.

    With `normalise_within` the first of a large peer group is above the first of a small one; percentiles are alike.
    """
    return standing(x * context.sign)


def percentile(x: Floats, context: Context) -> Floats:
    """Share of the units that a unit leaves behind, itself and its ties counting half: between 0 and 1."""
    return (standing(x * context.sign) + 0.5) / len(x)


def above_below_mean(x: Floats, context: Context, *, p: Positive) -> Floats:
    """1 above (1 + p) times the mean of the units, -1 below (1 - p) times it, 0 in between; turned where less is good.

    NaN where the mean is not positive: the band around it is then not defined.
    """
    mean = x.mean(axis=0)
    ratio = x / np.where(mean > 0, mean, np.nan)
    return context.sign * np.where(np.isnan(ratio), np.nan, (ratio > 1 + p) * 1.0 - (ratio < 1 - p))


def categorical(
    x: Floats,
    context: Context,
    *,
    of: Literal["value", "percentile"],
    cuts: tuple[float, ...],
    points: tuple[float, ...],
) -> Floats:
    """Points by band: points[i] from cuts[i-1] up to, not including, cuts[i].

    `of` value: cuts are figures in the indicator's unit, and the points say themselves which side is the better one.
    `of` percentile: cuts are percentiles between 0 and 1, and more is better.
    """
    if len(points) != len(cuts) + 1 or list(cuts) != sorted(set(cuts)):
        raise SfbenchError(
            f"categorical has {len(cuts)} cuts and {len(points)} points", fix="give rising cuts, and one point more"
        )
    figures = x if of == "value" else percentile(x, context)
    return np.where(np.isnan(figures), np.nan, np.array(points)[np.searchsorted(cuts, figures, side="right")])


def standing(x: Floats) -> Floats:
    """Units below plus half of the other units level, for each figure [unit, indicator]: the mean rank from 0."""
    order = np.argsort(x, axis=0, kind="stable")
    ordered = np.take_along_axis(x, order, axis=0)
    place = np.arange(len(x))[:, None]
    new = np.ones(x.shape, bool)
    new[1:] = ordered[1:] != ordered[:-1]
    first = np.maximum.accumulate(np.where(new, place, 0), axis=0)
    end = np.ones(x.shape, bool)
    end[:-1] = new[1:]
    last = np.minimum.accumulate(np.where(end, place, len(x))[::-1], axis=0)[::-1]
    result = np.empty_like(x)
    np.put_along_axis(result, order, (first + last) / 2, axis=0)
    return result


KINDS = {f.__name__: f for f in (rank, percentile, above_below_mean, categorical)}
