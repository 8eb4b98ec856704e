"""Synthetic difference in differences: unit weights that make trends parallel, period weights that balance before.

Arkhangelsky, Athey, Hirshberg, Imbens and Wager (2021, American Economic Review 111): algorithm 1, and the placebo
variance of algorithm 4. Assumes a low-rank structure of the untreated outcomes and errors alike in treated and donors.
The penalty of unit weights grows with the spread of the donors' changes, period shocks included, as in the paper: so
period effects are not removed exactly. Several dates: one fit a cohort against the never treated, averaged by treated
cells (their appendix A).
"""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.panel import Floats, Panel
from sfbench.bench.effects.placebo import FEW_DONORS, groups, with_placebos
from sfbench.bench.effects.simplex import simplex_weights


def synthetic_did(
    panel: Panel, *, level: float = 0.95, max_exact: int = 100, draws: int = 100, seed: int = 0
) -> Estimate | Refusal:
    """Effect on treated cells; units count the same; donors are never treated. p ranks |effect| among the placebos'."""
    dates, donors = panel.cohorts, int(panel.never.sum())
    if not dates:
        return NO_TREATED
    if dates[0] - panel.anticipation < 2:
        return NO_BASE
    if not donors:
        return NO_CONTROL
    sizes = [int((panel.start == g).sum()) for g in dates]
    if donors < sum(sizes) + 2:
        return FEW_DONORS
    edges = np.cumsum([0, *sizes])

    def effect(y: Floats) -> tuple[float, float]:
        total = cells = 0.0
        for g, low, high in zip(dates, edges[:-1], edges[1:], strict=True):
            weight = (high - low) * (panel.periods - g)
            total += weight * _one(y[low:high], y[edges[-1] :], g - panel.anticipation, g)
            cells += weight
        return total / cells, abs(total / cells)

    order = np.concatenate([np.flatnonzero(panel.start == g) for g in dates])
    y = np.vstack([panel.y[order], panel.y[panel.never]])
    deals, how = groups(donors, order.size, max_exact=max_exact, draws=draws, seed=seed)
    if len(dates) > 1:  # who takes which date is part of the deal
        deals, how = np.random.default_rng(seed).permuted(deals, axis=1), f"{how}, dates dealt at random"
    return with_placebos(effect, y, order.size, level, deals, how)


def _one(treated: Floats, donors: Floats, before: int, date: int) -> float:
    """One cohort: before = number of clean periods, date = first treated one."""
    pre, target = donors[:, :before], treated.mean(axis=0)
    noise = float(np.diff(pre, axis=1).std(ddof=1)) if pre[:, 1:].size > 1 else 0.0
    zeta = (len(treated) * (treated.shape[1] - date)) ** 0.25 * noise
    unit = simplex_weights(pre.T, target[:before], ridge=zeta**2 * before, intercept=True)
    after = donors[:, date:].mean(axis=1)
    period = simplex_weights(pre, after, ridge=(1e-6 * noise) ** 2 * len(donors), intercept=True)
    gap = target - unit @ donors
    return float(gap[date:].mean() - period @ gap[:before])
