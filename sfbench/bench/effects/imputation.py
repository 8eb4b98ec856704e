"""Imputation: fit unit and period effects on untreated cells, impute the treated ones, average the differences.

Borusyak, Jaravel and Spiess (2024, Review of Economic Studies 91). Assumes parallel trends in all periods and no effect
before start - anticipation; efficient if errors are homoskedastic and uncorrelated. The error is theirs (theorem 3):
conservative, with treated residuals around a common mean of the group named by `around`.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.inference import cluster_sums, interval
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
    unidentified: str = "drop",
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Mean effect over treated cells, or over those of `target` (units, periods); cells count as their unit's weight.

    around        whose mean effect is taken from treated residuals: finer is less conservative, and a group of one unit
                  has no residual at all (a note says so).
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
    if np.unique(panel.cluster).size < 2:
        return ONE_CLUSTER

    weight = cells * w[:, None] / (cells * w[:, None]).sum()
    gap = panel.y - base.fit(panel.y)
    value = float((weight * gap).sum())

    # The estimate is the sum of v * y: v is the weight on treated cells, and on clean cells what the imputation uses.
    a, b = base.solve(weight.sum(axis=1), weight.sum(axis=0))
    v = weight - base.m * (a[:, None] + b)
    group, alone = _groups(panel, cells, around)
    residual = np.where(clean, gap, 0.0) + np.where(cells, gap - _group_mean(gap, weight, group, cells), 0.0)
    sums = cluster_sums((v * residual).sum(axis=1), panel.cluster)
    n = sums.size
    se = math.sqrt(float(sums @ sums) * (n / (n - 1) if small_sample else 1.0))
    notes: tuple[str, ...] = (
        (f"{lost} treated cells without a counterfactual are not part of the estimate",) if lost else ()
    )
    notes += ("a group of one unit has no residual: the error is too small",) if alone else ()
    return interval(value, se, level=level, df=n - 1 if small_sample else math.inf, notes=notes)


def _groups(panel: Panel, cells: Bools, around: Around) -> tuple[Ints, bool]:
    """(units, periods) group of each cell, and whether a group is one unit alone."""
    start = np.broadcast_to(panel.start[:, None], cells.shape)
    period = np.broadcast_to(np.arange(panel.periods), cells.shape)
    key = {"cohort_period": start * panel.periods + period, "cohort": start, "all": np.zeros_like(start)}[around]
    names, group = np.unique(key, return_inverse=True)
    group = group.reshape(cells.shape)
    units = np.zeros((panel.units, names.size), bool)
    unit, t = np.nonzero(cells)
    units[unit, group[unit, t]] = True
    return group.astype(np.int64), bool((units.sum(axis=0) == 1).any())


def _group_mean(gap: Floats, weight: Floats, group: Ints, cells: Bools) -> Floats:
    """(units, periods): the group's mean effect with unit-clustered weights (equation 8 of the paper)."""
    k = int(group.max()) + 1
    unit, t = np.nonzero(cells)
    # v_ig = sum of a unit's weights in the group; the mean is sum_i v_ig (sum_t v_it tau_it) / sum_i v_ig^2
    by_unit = np.zeros((cells.shape[0], k))
    effect = np.zeros_like(by_unit)
    np.add.at(by_unit, (unit, group[unit, t]), weight[unit, t])
    np.add.at(effect, (unit, group[unit, t]), weight[unit, t] * gap[unit, t])
    square = (by_unit**2).sum(axis=0)
    mean = (by_unit * effect).sum(axis=0) / np.where(square > 0, square, 1.0)
    out: Floats = mean[group]
    return out
