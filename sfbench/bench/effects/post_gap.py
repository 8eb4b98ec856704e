"""Treated-control gap after treatment: levels compared, no period before used. A named naive.

Right only if treated and untreated units would have had the same level (random assignment). It credits the policy with
whatever difference made the units eligible.
"""

from __future__ import annotations

from sfbench.bench.effects.estimate import NO_CONTROL, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Panel


def post_gap(panel: Panel, *, level: float = 0.95, small_sample: bool = True) -> Estimate | Refusal:
    """Mean over treated cells of (outcome - mean of the units clean in the same period); cells count as their unit.

    Periods without a clean unit are left out.
    """
    treated, clean, w = panel.treated, panel.clean, panel.w[:, None]
    if not treated.any():
        return NO_TREATED
    w1, w0 = (w * treated).sum(axis=0), (w * clean).sum(axis=0)  # weight by period
    use = (w1 > 0) & (w0 > 0)
    if not use.any():
        return NO_CONTROL
    y, treated, clean, w1, w0 = panel.y[:, use], treated[:, use], clean[:, use], w1[use], w0[use]
    share = w1 / w1.sum()
    m1, m0 = (w * treated * y).sum(axis=0) / w1, (w * clean * y).sum(axis=0) / w0
    value = float(share @ (m1 - m0))
    gaps = treated * (y - m0 - value) / w1 - clean * (y - m0) / w0  # the shares are part of the estimate
    psi = (w * gaps) @ share
    notes = () if use.all() else (f"{int((~use).sum())} periods without a treated or without a clean unit left out",)
    return from_influence(value, psi, panel.cluster, level=level, small_sample=small_sample, notes=notes)
