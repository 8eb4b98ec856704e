"""Before and after: how much the treated changed. The named naive of most scenarios.

Right only if nothing else would have changed the outcome (no common growth, no regression to the mean); see Ashenfelter
(1978, Review of Economics and Statistics) for the dip before treatment that it mistakes for an effect.
"""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Panel


def before_after(panel: Panel, *, level: float = 0.95, small_sample: bool = True) -> Estimate | Refusal:
    """Mean over treated units of (mean of treated periods - mean of periods before start and anticipation)."""
    treated, clean = panel.treated, panel.clean
    if not treated.any():
        return NO_TREATED
    unit = treated.any(axis=1) & clean.any(axis=1)
    if not unit.any():
        return NO_BASE
    y, w = panel.y[unit], panel.w[unit]
    change = np.mean(y, axis=1, where=treated[unit]) - np.mean(y, axis=1, where=clean[unit])
    value = float(np.average(change, weights=w))
    psi = w * (change - value) / w.sum()
    return from_influence(value, psi, panel.cluster[unit], level=level, small_sample=small_sample)
