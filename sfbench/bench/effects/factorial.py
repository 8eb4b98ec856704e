"""Factorial difference in differences: a policy beside others that reach the same units at dates of their own.

y = unit + period + treated + each other policy + its product with treated, by least squares (Egami and Imai 2019,
Journal of the American Statistical Association 114, on factorial designs). Assumes parallel trends, effects that are
constant in time and alike in all units, and some units with each combination; errors as in `twfe`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sfbench.bench.effects.estimate import NO_TREATED, ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.inference import cluster_sums, interval
from sfbench.bench.effects.panel import Ints, Panel
from sfbench.bench.effects.twfe import COLLINEAR, within


def factorial(
    panel: Panel, beside: Sequence[Ints], *, level: float = 0.95, small_sample: bool = True
) -> Estimate | Refusal:
    """Mean effect of the panel's policy over its treated cells, what it adds to the others included.

    beside: of each other policy (units,) first treated period, NEVER for none. Refuses where combinations are missing.
    """
    if not panel.treated.any():
        return NO_TREATED
    w, groups = panel.w, np.unique(panel.cluster).size
    if groups < 2:
        return ONE_CLUSTER
    own = panel.treated.astype(float)
    others = [(np.arange(panel.periods) >= start[:, None]).astype(float) for start in beside]
    columns = [own, *others, *(own * other for other in others)]
    x = np.stack([within(column, w) for column in columns], axis=-1)
    y = within(panel.y, w)
    gram = np.einsum("u,utj,utk->jk", w, x, x)
    if np.linalg.eigvalsh(gram)[0] < 1e-9 * w.sum():
        return COLLINEAR
    b = np.linalg.solve(gram, np.einsum("u,utk,ut->k", w, x, y))
    cells = w[:, None] * own
    mean = np.zeros(len(columns))
    mean[0] = 1.0
    mean[1 + len(others) :] = [float((cells * other).sum() / cells.sum()) for other in others]
    pull = np.linalg.solve(gram, mean)
    residual = y - x @ b
    scores = cluster_sums(w * np.einsum("utk,k,ut->u", x, pull, residual), panel.cluster)
    se = math.sqrt(float(scores @ scores))
    if small_sample:
        n, k = panel.y.size, panel.periods + len(columns)
        se *= math.sqrt(groups / (groups - 1) * (n - 1) / (n - k))
    return interval(float(mean @ b), se, level=level, df=groups - 1 if small_sample else math.inf)
