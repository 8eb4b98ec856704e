"""What the data identify of the effects ATT(g, t), and what an answer must say about the rest."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.bench.effects.aggregate import Aggregate
from sfbench.bench.effects.att_gt import Cells
from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, ONE_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence, treated_clusters
from sfbench.bench.effects.panel import Ints, Panel

Unidentified = Literal["drop", "refuse"]
"""Cells without a control or a base period: leave them out and say so, or give no overall figure."""


def refusal(panel: Panel, cells: Cells, *, unidentified: Unidentified) -> Refusal | None:
    """Why no overall figure with an error can be given; None if it can."""
    if not panel.cohorts:
        return NO_TREATED
    if not (cells.t >= cells.g).any():
        return NO_CONTROL if any(g - panel.anticipation > 0 for g in panel.cohorts) else NO_BASE
    if cells.missing and unidentified == "refuse":
        names = _names(cells)
        return Refusal(f"effects (g, t) not identified: {names}", f"以下处理效应 (g, t) 不可识别：{names}")
    return ONE_TREATED if treated_clusters(panel) < 2 else None


def remarks(panel: Panel, cells: Cells) -> tuple[str, ...]:
    """Notes of an estimate: cells that are no part of it, cohorts whose own error cannot be seen."""
    notes: tuple[str, ...] = ()
    if cells.missing:
        notes += (f"not part of the estimate, as not identified: cells (g, t) {_names(cells)}",)
    alone = [g for g in np.unique(cells.g).tolist() if treated_clusters(panel.take(panel.start == g)) == 1]
    if alone:
        notes += (f"cohorts {alone} are one cluster each: the error leaves theirs out and is too small",)
    return notes


def overall(
    panel: Panel, cells: Cells, found: Aggregate, cluster: Ints, *, level: float, small_sample: bool
) -> Estimate | Refusal:
    """The overall figure of an aggregate with its interval and the remarks on its cells. `cluster` is of the units of
    its influence function, which may be more than those of the panel."""
    notes = remarks(panel, cells)
    return from_influence(
        found.overall, found.overall_psi, cluster, level=level, small_sample=small_sample, notes=notes
    )


def _names(cells: Cells) -> str:
    return ", ".join(f"({g}, {t})" for g, t in cells.missing)
