"""Density test: do too many units stand just above an eligibility threshold?

McCrary (2008, Journal of Econometrics 142): a fine histogram, smoothed on each side by local linear regression; the log
difference of the two densities at the cutoff and its asymptotic error. Assumes a density that is smooth but for
manipulation: values reported in round numbers make heaps that it cannot tell apart, and manipulation that moves as many
units down as up is not seen.
"""

from __future__ import annotations

import math

import numpy as np

from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.inference import interval
from sfbench.bench.effects.panel import Floats

EMPTY = Refusal("no units close to the cutoff on one side", "门槛一侧附近没有单位")


def density_test(
    running: Floats, *, cutoff: float, bandwidth: float | None = None, level: float = 0.95
) -> Estimate | Refusal:
    """Log density just above less just below. bandwidth None: McCrary's rule (his section 3.2), named in the notes."""
    x = running - cutoff
    if min(int((x < 0).sum()), int((x >= 0).sum())) < 20:
        return EMPTY
    width = 2 * float(x.std(ddof=1)) / math.sqrt(x.size)
    low, high = math.floor(float(x.min()) / width), math.floor(float(x.max()) / width) + 1
    counts = np.bincount((np.floor(x / width) - low).astype(np.int64), minlength=high - low)
    middle = np.asarray((np.arange(low, high) + 0.5) * width, np.float64)
    height = (counts / (x.size * width)).astype(np.float64)
    h = _rule(middle, height, width) if bandwidth is None else bandwidth
    below, above = (_edge(middle[side], height[side], h) for side in (middle < 0, middle > 0))
    if min(below, above) <= 0:
        return EMPTY
    se = math.sqrt(4.8 / (x.size * h) * (1 / above + 1 / below))  # 24/5 for the triangular kernel
    return interval(
        math.log(above / below), se, level=level, notes=(f"bin width {width:.4g}, bandwidth {h:.4g}, {x.size} units",)
    )


def _edge(middle: Floats, height: Floats, h: float) -> float:
    """Local linear fit of the histogram at 0."""
    weight = np.maximum(1 - np.abs(middle) / h, 0)
    if (weight > 0).sum() < 3:
        return 0.0
    slope = np.column_stack([np.ones_like(middle), middle])
    return float(np.linalg.lstsq(slope * np.sqrt(weight)[:, None], height * np.sqrt(weight), rcond=None)[0][0])


def _rule(middle: Floats, height: Floats, width: float) -> float:
    """h = 3.348 (s^2 (b - a) / sum f''(X_j)^2)^(1/5) from a quartic on each side; the mean of both."""
    found = []
    for side in (middle < 0, middle > 0):
        x, f = middle[side], height[side]
        curve = np.polynomial.Polynomial.fit(x, f, 4)
        noise = float(((f - curve(x)) ** 2).sum()) / max(x.size - 5, 1)
        found.append(3.348 * (noise * float(np.ptp(x)) / max(float((curve.deriv(2)(x) ** 2).sum()), 1e-300)) ** 0.2)
    return max(float(np.mean(found)), 2 * width)
