"""Imputation: fit unit and period effects on untreated cells, impute the treated ones, average the differences.

Borusyak, Jaravel and Spiess (2024, Review of Economic Studies 91). Assumes parallel trends in all periods and no effect
before start - anticipation; efficient if errors are homoskedastic and uncorrelated. The error is theirs (theorem 3):
conservative, with treated residuals around a common mean of the group named by `around`.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, ONE_TREATED, Estimate, Refusal
from sfbench.bench.effects.identified import Unidentified
from sfbench.bench.effects.inference import cluster_sums, interval, treated_clusters
from sfbench.bench.effects.panel import Bools, Floats, Ints, Panel
from sfbench.bench.effects.two_way import TwoWay

Around = Literal["cohort_period", "cohort", "all"]

DISCONNECTED = Refusal(
    "the untreated cells fall into parts that no unit links: period effects cannot be compared",
    "未处理的观测分成互不相连的部分：时期效应不可比较",
)


def imputation(
    panel: Panel,
    *,
    level: float = 0.95,
    around: Around = "cohort_period",
    target: Bools | None = None,
    unidentified: Unidentified = "drop",
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Mean effect over treated cells, or over those of `target` (units, periods); cells count as their unit's weight.

    around        whose mean effect is taken from treated residuals: finer is less conservative, and a group of one
                  cluster has no residual at all (a note says so).
    unidentified  cells (no clean cell of the unit or of the period): "drop" them and say so, or "refuse" the whole.
    """
    treated, clean, w = panel.treated, panel.clean, panel.w
    wanted: Bools = treated if target is None else treated & target
    if not wanted.any():
        return NO_TREATED
    known: Bools = np.any(clean, axis=1, keepdims=True) & np.any(clean, axis=0, keepdims=True)
    cells = wanted & known
    if not cells.any():
        return NO_CONTROL if (wanted.any(axis=1) & clean.any(axis=1)).any() else NO_BASE
    lost = int((wanted & ~known).sum())
    if lost and unidentified == "refuse":
        return Refusal(f"{lost} treated cells have no counterfactual", f"{lost} 个受处理单元格没有反事实")
    base = TwoWay(clean, w)
    if not base.connected:
        return DISCONNECTED
    if treated_clusters(panel) < 2:
        return ONE_TREATED

    weight = cells * w[:, None] / (cells * w[:, None]).sum()
    gap = panel.y - base.fit(panel.y)
    value = float((weight * gap).sum())

    # The estimate is the sum of v * y: v is the weight on treated cells, and on clean cells what the imputation uses.
    a, b = base.solve(weight.sum(axis=1), weight.sum(axis=0))
    v = weight - base.m * (a[:, None] + b)
    _, cluster = np.unique(panel.cluster, return_inverse=True)
    group, alone = _groups(panel, cells, around, cluster)
    residual = np.where(clean, gap, 0.0) + np.where(cells, gap - _group_mean(gap, weight, group, cells, cluster), 0.0)
    sums = cluster_sums((v * residual).sum(axis=1), panel.cluster)
    n = sums.size
    se = math.sqrt(float(sums @ sums) * (n / (n - 1) if small_sample else 1.0))
    notes: tuple[str, ...] = (
        (f"{lost} treated cells without a counterfactual are not part of the estimate",) if lost else ()
    )
    notes += ("a group of one cluster has no residual: the error is too small",) if alone else ()
    return interval(value, se, level=level, df=n - 1 if small_sample else math.inf, notes=notes)


def _groups(panel: Panel, cells: Bools, around: Around, cluster: Ints) -> tuple[Ints, bool]:
    """(units, periods) group of each cell, and whether a group is one cluster alone."""
    start = np.broadcast_to(panel.start[:, None], cells.shape)
    period = np.broadcast_to(np.arange(panel.periods), cells.shape)
    key = {"cohort_period": start * panel.periods + period, "cohort": start, "all": np.zeros_like(start)}[around]
    names, group = np.unique(key, return_inverse=True)
    group = group.reshape(cells.shape)
    member = np.zeros((int(cluster.max()) + 1, names.size), bool)
    unit, t = np.nonzero(cells)
    member[cluster[unit], group[unit, t]] = True
    return group.astype(np.int64), bool((member.sum(axis=0) == 1).any())


def _group_mean(gap: Floats, weight: Floats, group: Ints, cells: Bools, cluster: Ints) -> Floats:
    """(units, periods): the group's mean effect that makes the error least (section 4.3 of the paper).

    With v_c the sum of a cluster's weights in the group it is sum_c v_c (sum of its v * gap) / sum_c v_c^2.
    """
    unit, t = np.nonzero(cells)
    at = (cluster[unit], group[unit, t])
    own = np.zeros((int(cluster.max()) + 1, int(group.max()) + 1))
    effect = np.zeros_like(own)
    np.add.at(own, at, weight[unit, t])
    np.add.at(effect, at, weight[unit, t] * gap[unit, t])
    square = (own**2).sum(axis=0)
    mean = (own * effect).sum(axis=0) / np.where(square > 0, square, 1.0)
    out: Floats = mean[group]
    return out
