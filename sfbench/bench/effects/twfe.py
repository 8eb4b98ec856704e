"""Two-way fixed effects: y = unit + period + b * treated, by least squares, with cluster-robust errors.

Assumes parallel trends AND one effect for all cohorts and ages; otherwise already treated units serve as controls and
the weights of some effects are negative (de Chaisemartin and D'Haultfoeuille 2020, American Economic Review; Goodman-
Bacon 2021, Journal of Econometrics). Errors: Liang and Zeger (1986), CR1 as in Cameron and Miller (2015, Journal of
Human Resources). With few clusters they over-reject: see `donald_lang`, `randomisation`, `wild_bootstrap`.
"""

from __future__ import annotations

import math

import numpy as np

from sfbench.bench.effects.estimate import NO_TREATED, ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.inference import cluster_sums, interval
from sfbench.bench.effects.panel import Floats, Panel

COLLINEAR = Refusal(
    "treatment is a sum of unit and period effects: no variation is left",
    "处理变量可由单位与时期效应线性表示：没有可用的变异",
)


def within(x: Floats, w: Floats, *, trends: bool = False) -> Floats:
    """x (units, periods) less unit effects (and unit trends) and weighted period effects."""
    time = np.arange(x.shape[1], dtype=float)
    basis = np.column_stack([np.ones_like(time), time])[:, : 2 if trends else 1]
    q, _ = np.linalg.qr(basis)
    x = x - (x @ q) @ q.T
    out: Floats = x - (w @ x) / w.sum()
    return out


def twfe(panel: Panel, *, level: float = 0.95, small_sample: bool = True, trends: bool = False) -> Estimate | Refusal:
    """Coefficient of treatment; `trends` adds a linear trend to each unit.

    The periods of anticipation count as untreated, as they do in practice; set `start` earlier to count them.
    small_sample: CR1 and t(G - 1); else the plain sandwich and the normal.
    """
    if not panel.treated.any():
        return NO_TREATED
    w, groups = panel.w, np.unique(panel.cluster).size
    if groups < 2:
        return ONE_CLUSTER
    d = within(panel.treated.astype(float), w, trends=trends)
    y = within(panel.y, w, trends=trends)
    size = float(w @ (d * d).sum(axis=1))
    if size < 1e-9 * w.sum():
        return COLLINEAR
    value = float(w @ (d * y).sum(axis=1)) / size
    scores = cluster_sums(w * (d * (y - value * d)).sum(axis=1), panel.cluster)
    se = math.sqrt(float(scores @ scores)) / size
    if small_sample:
        # Unit effects are nested in clusters and cost no degree of freedom (Cameron and Miller 2015, III.B).
        n, k = panel.y.size, panel.periods + 1
        se *= math.sqrt(groups / (groups - 1) * (n - 1) / (n - k))
    return interval(value, se, level=level, df=groups - 1 if small_sample else math.inf)
