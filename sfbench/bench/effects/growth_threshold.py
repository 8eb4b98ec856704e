"""Growth of the treated against a threshold ("lending outgrew the target, so the policy worked"). A named naive.

The form of growth targets in supervisory rules (a category's growth not below the growth of all loans). Right only if
the treated would have grown by exactly the threshold.
"""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.estimate import NO_BASE, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Panel


def growth_threshold(
    panel: Panel, *, threshold: float, lag: int, level: float = 0.95, small_sample: bool = True
) -> Estimate | Refusal:
    """Growth of treated units over `lag` periods up to the last one, less `threshold` (same unit as y, as a log).

    The units are those whose treatment began within the `lag` periods, so that the first of them is untreated.
    """
    last = panel.periods - 1
    if not panel.treated.any():
        return NO_TREATED
    unit = (panel.start <= last) & panel.clean[:, max(last - lag, 0)]
    if lag < 1 or lag > last or not unit.any():
        return NO_BASE
    growth = panel.y[unit, last] - panel.y[unit, last - lag]
    w = panel.w[unit]
    value = float(np.average(growth, weights=w)) - threshold
    psi = w * (growth - threshold - value) / w.sum()
    return from_influence(value, psi, panel.cluster[unit], level=level, small_sample=small_sample)
