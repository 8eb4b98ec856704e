"""Trend before treatment: by how much a period the treated outgrew their controls while no policy was there.

The mean of the ATT(g, t) before treatment, each over one period (base "varying"), cohorts by size: a test of parallel
trends against a constant difference in growth. Passing is no proof: with few units its power is low, and effects that
pass it are biased by the selection (Roth 2022, American Economic Review: Insights 4). `honest_did` uses what it finds.
"""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.att_gt import Control, att_gt
from sfbench.bench.effects.estimate import NO_BASE, NO_TREATED, ONE_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence, treated_clusters
from sfbench.bench.effects.panel import Panel


def pretrend(
    panel: Panel, *, level: float = 0.95, control: Control = "not_yet", small_sample: bool = True
) -> Estimate | Refusal:
    """Mean differential growth a period before start - anticipation, in the unit of y; p tests parallel trends."""
    if not panel.cohorts:
        return NO_TREATED
    cells = att_gt(panel, control=control, base="varying")
    before = cells.t < cells.g - panel.anticipation
    if not before.any():
        return NO_BASE
    if treated_clusters(panel) < 2:
        return ONE_TREATED
    size = np.array([panel.w[panel.start == g].sum() for g in cells.g[before]])
    weight = size / size.sum()
    return from_influence(
        float(weight @ cells.att[before]),
        cells.psi[:, before] @ weight,
        panel.cluster,
        level=level,
        small_sample=small_sample,
    )
