"""Points for the deviation from a baseline: vertical against a unit's own past, horizontal against its assessed peers.

Modelled on the assessments of the People's Bank of China (2011, 2021). Their map from deviation to points is not
published: a method brings its own as `points`, knots (deviation, points) joined by straight lines and flat beyond.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Context
from sfbench.assess.normalise.scale import spread
from sfbench.assess.options import Count, IndicatorName, Knots, Positive, Share
from sfbench.assess.panel import Floats

Deviation = Literal["difference", "relative", "sd"]  # in the unit; as a share of the baseline; in sds of the peers
Past = Literal["before", "with_current"]  # the `periods` before this one, or this one and the ones before it


def vertical(x: Floats, context: Context, *, periods: Count, past: Past, deviation: Deviation, points: Knots) -> Floats:
    """Points for the deviation from the unit's own mean of `periods` periods; NaN where one of them is missing."""
    return _points(_deviation(x, _own(x, context, periods, past), deviation) * context.sign, points)


def horizontal(x: Floats, context: Context, *, deviation: Deviation, points: Knots) -> Floats:
    """Points for the deviation from the mean of all assessed peers, the unit among them."""
    return _points(_deviation(x, x.mean(axis=0), deviation) * context.sign, points)


def vertical_horizontal(
    x: Floats,
    context: Context,
    *,
    vertical_share: Share,
    periods: Count,
    past: Past,
    deviation: Deviation,
    points: Knots,
) -> Floats:
    """`vertical_share` of the points from the vertical, the rest from the horizontal baseline (10 of 25: 0.4)."""
    own = vertical(x, context, periods=periods, past=past, deviation=deviation, points=points)
    peers = horizontal(x, context, deviation=deviation, points=points)
    return vertical_share * own + (1 - vertical_share) * peers


def pro_rata(x: Floats, context: Context, *, points: Positive, reference: IndicatorName, plan: IndicatorName) -> Floats:
    """Full points at or above a reference figure; below it, with the plan met, points in proportion; else none.

    The growth rule of the supervisory rating of inclusive micro and small lending (NFRA table, item 1.1.1): `reference`
    is the unit's growth of all loans, `plan` its planned growth, both indicators. NaN where either is missing.
    """
    goal, planned = context.aside[reference][:, None], context.aside[plan][:, None]
    ratio = np.clip(
        x / np.where(goal > 0, goal, np.nan), 0, 1
    )  # below a goal that is not positive nothing is in proportion
    below = np.where(x >= planned, np.nan_to_num(ratio), 0.0)
    share = np.where(x >= goal, 1.0, below)
    return np.where(np.isnan(goal + planned), np.nan, share * points)


def _own(x: Floats, context: Context, periods: int, past: Past) -> Floats:
    figures = np.concatenate([context.history, x[:, None]], axis=1) if past == "with_current" else context.history
    if figures.shape[1] < periods:
        return np.full_like(x, np.nan)
    return np.asarray(figures[:, -periods:].mean(axis=1))


def _deviation(x: Floats, baseline: Floats, deviation: Deviation) -> Floats:
    if deviation == "difference":
        return x - baseline
    # a baseline of 0 and peers that are all alike give no scale: NaN, unless the unit is at its baseline
    whole = np.abs(baseline) if deviation == "relative" else spread(x, ddof=1)
    at_it = np.isclose(x, baseline, rtol=1e-12, atol=0)  # a mean of figures that are all alike may be rounded
    return np.where(at_it, 0.0, (x - baseline) / np.where(whole == 0, np.nan, whole))


def _points(deviation: Floats, knots: Knots) -> Floats:
    at, points = np.array(knots).T
    return np.asarray(np.interp(deviation, at, points))  # NaN stays NaN


KINDS = {f.__name__: f for f in (vertical, horizontal, vertical_horizontal, pro_rata)}
