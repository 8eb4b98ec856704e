"""One row a cluster: what inference with few clusters works on (Bertrand, Duflo and Mullainathan 2004, QJE)."""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, STAGGERED, Refusal
from sfbench.bench.effects.inference import cluster_sums
from sfbench.bench.effects.panel import Bools, Floats, Panel

MIXED = Refusal(
    "treatment differs within a cluster: a cluster has no date of its own",
    "同一聚类内处理状态不一致：聚类没有统一的处理日期",
)


def by_cluster(panel: Panel) -> Panel | Refusal:
    """Weighted means of the clusters; clusters then count the same. Refuses clusters of mixed dates."""
    names, first, position = np.unique(panel.cluster, return_index=True, return_inverse=True)
    start = panel.start[first]
    if (start[position] != panel.start).any():
        return MIXED
    total = cluster_sums(panel.w, panel.cluster)
    y = cluster_sums(panel.w[:, None] * panel.y, panel.cluster) / total[:, None]
    return Panel(y=y, start=start, cluster=names, anticipation=panel.anticipation)


def one_date(panel: Panel) -> int | Refusal:
    """The only date on which units are first treated, with clean periods before it and controls."""
    if not panel.cohorts:
        return NO_TREATED
    if len(panel.cohorts) > 1:
        return STAGGERED
    date = panel.cohorts[0]
    if date - panel.anticipation < 1:
        return NO_BASE
    return date if panel.never.any() else NO_CONTROL


def changes(panel: Panel, date: int) -> tuple[Floats, Bools]:
    """(units,) mean from `date` on less mean before anticipation, and who is treated; others must be never treated."""
    change: Floats = panel.y[:, date:].mean(axis=1) - panel.y[:, : date - panel.anticipation].mean(axis=1)
    return change, panel.start == date
