"""Bounds on an effect when trends need not be parallel: Rambachan and Roth (2023, Review of Economic Studies 90).

With d_s the difference in trends in step s of the event study (from one age to the next), the bias of the effect is a
sum of the d_s after the base age. Two restrictions, each solved in closed form (no linear programme):
  relative_magnitude  |d_s| <= m * the largest |d| before the base age: the effect is the estimate -+ m K max|d before|.
  smoothness          d changes by at most m (in the unit of y) from step to step: the last trend before is continued,
                      -+ m K. m = 0 is a linear difference in trends.
K follows from the weights of the ages. The interval is the union, over which step before is the largest, of plain
intervals of both ends: valid for any m, wider than the conditional and fixed-length intervals of the paper, which are
not here.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Literal

import numpy as np

from sfbench.bench.effects.aggregate import aggregate
from sfbench.bench.effects.att_gt import Control, att_gt
from sfbench.bench.effects.estimate import NO_CONTROL, ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.identified import refusal, remarks
from sfbench.bench.effects.inference import covariance, quantile
from sfbench.bench.effects.panel import Floats, Ints, Panel

Restriction = Literal["relative_magnitude", "smoothness"]

NO_STEP = Refusal("no step before treatment shows how far trends differ", "处理前没有可用于衡量趋势差异的时期")


def honest_did(
    panel: Panel,
    *,
    m: float,
    restriction: Restriction = "relative_magnitude",
    over: Literal["first", "mean"] = "first",
    control: Control = "not_yet",
    level: float = 0.95,
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Effect at age 0 ("first") or the mean over ages >= 0, with its robust interval; the notes give the bounds alone.

    The event study is Callaway and Sant'Anna's with one base age for all (the last clean one), cohorts by size.
    """
    cells = att_gt(panel, control=control, base="universal")
    refused = refusal(panel, cells, unidentified="drop")
    if refused is not None:
        return refused
    study = aggregate(panel, cells, kind="dynamic", shares="fixed", leads=True)
    base = -1 - panel.anticipation
    groups = np.unique(panel.cluster).size
    if groups < 2:
        return ONE_CLUSTER
    if over == "first" and not (study.key == 0).any():
        return NO_CONTROL
    steps = trend_steps(study.key, base)
    if not len(steps):
        return NO_STEP
    weights = np.where(study.key == 0, 1.0, 0.0) if over == "first" else (study.key >= 0) / (study.key >= 0).sum()
    slope, bound = bias_bounds(study.key, weights, base, restriction)
    critical = quantile(level, groups - 1 if small_sample else math.inf)
    v = covariance(study.psi, panel.cluster, small_sample=small_sample)
    if restriction == "relative_magnitude":
        ends, shift = np.vstack([weights + side * m * bound * step for step in steps for side in (-1, 1)]), 0.0
    else:
        ends, shift = (weights - slope * steps[-1])[None], m * bound
    at, error = ends @ study.att, np.sqrt(np.einsum("ij,jk,ik->i", ends, v, ends).clip(0))
    bend = float(np.abs(np.diff(steps, axis=0) @ study.att).max(initial=0.0))
    notes: tuple[str, ...] = (f"bounds without sampling error: {at.min() - shift:.6g} to {at.max() + shift:.6g}",)
    if restriction == "smoothness" and bend > m:
        notes += (f"before treatment the trend bends by up to {bend:.6g}: more than m, unless that is noise",)
    centre = weights if restriction == "relative_magnitude" else ends[0]
    return Estimate(
        value=float(centre @ study.att),
        se=math.sqrt(max(float(centre @ v @ centre), 0.0)),
        low=float((at - critical * error).min() - shift),
        high=float((at + critical * error).max() + shift),
        notes=(*notes, *remarks(panel, cells)),
    )


def trend_steps(ages: Ints, base: int) -> Floats:
    """(steps, ages) contrasts: the change of the event study from each age to the next up to the base, in order."""
    have = [age for age in ages.tolist() if age <= base]
    rows = [(ages == b) * 1.0 - (ages == a) for a, b in pairwise(have) if b == a + 1]
    return np.array(rows, np.float64).reshape(-1, ages.size)


def bias_bounds(ages: Ints, weights: Floats, base: int, restriction: Restriction) -> tuple[float, float]:
    """(slope, K): bias of the weighted effect = slope * last step (smoothness only), -+ K a unit of the restriction."""
    ahead = np.maximum(ages - base, 0)  # steps from the base to the age
    step = np.arange(1, int(ahead.max()) + 1)
    if restriction == "relative_magnitude":
        return 0.0, float(np.abs((ahead[:, None] >= step).T @ weights).sum())
    return float(ahead @ weights), float(np.abs(np.maximum(ahead[:, None] - step + 1, 0).T @ weights).sum())
