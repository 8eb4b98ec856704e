"""Triple difference: the effect on eligible units less the same contrast among units that the policy cannot reach.

Gruber (1994, American Economic Review 84); Olden and Moen (2022, Econometrics Journal 25). Assumes that a difference of
trends between treated and untreated places is the same for eligible and ineligible units (tech and other loans of the
same banks), and no effect on the ineligible. Several dates: one triple difference for each cohort and period (Ortiz-
Villavicencio and Sant'Anna 2025: pooling cohorts as controls across both arms is biased, so the controls are cohort by
cohort those of `att_gt`).
"""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.aggregate import Kind, aggregate
from sfbench.bench.effects.att_gt import Cells, Control, att_gt
from sfbench.bench.effects.estimate import NO_CONTROL, Estimate, Refusal
from sfbench.bench.effects.identified import Unidentified, overall, refusal
from sfbench.bench.effects.panel import Bools, Floats, Panel


def triple_difference(
    panel: Panel,
    *,
    eligible: Bools,
    level: float = 0.95,
    control: Control = "never",
    kind: Kind = "simple",
    unidentified: Unidentified = "drop",
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Effect on eligible units, cohorts weighted by their eligible units.

    panel.start of an ineligible unit is the date of its place (bank, district), panel.cluster the place; `eligible`
    (units,) says which units the policy addresses. See `aggregate` for `kind`.
    """
    if eligible.all() or not eligible.any():
        return NO_CONTROL
    arm = panel.take(eligible)
    own, other = (
        att_gt(arm, control=control, base="varying"),
        att_gt(panel.take(~eligible), control=control, base="varying"),
    )
    refused = refusal(arm, own, unidentified=unidentified)
    if refused is not None:
        return refused
    cells = _difference(own, other, eligible)
    refused = refusal(arm, cells, unidentified=unidentified)
    if refused is not None:
        return refused
    found = aggregate(arm, cells, kind=kind, shares="fixed")
    return overall(arm, cells, found, panel.cluster, level=level, small_sample=small_sample)


def _difference(own: Cells, other: Cells, eligible: Bools) -> Cells:
    """Cells that both arms identify, with influence functions over all units."""
    at = {(int(g), int(t)): k for k, (g, t) in enumerate(zip(other.g, other.t, strict=True))}
    pairs = [(k, at[g, t]) for k, (g, t) in enumerate(zip(own.g.tolist(), own.t.tolist(), strict=True)) if (g, t) in at]
    a, b = np.array([pair[0] for pair in pairs], int), np.array([pair[1] for pair in pairs], int)
    psi: Floats = np.zeros((eligible.size, a.size))
    psi[eligible], psi[~eligible] = own.psi[:, a], -other.psi[:, b]
    lost = [(g, t) for g, t in zip(own.g.tolist(), own.t.tolist(), strict=True) if t >= g and (g, t) not in at]
    return Cells(g=own.g[a], t=own.t[a], att=own.att[a] - other.att[b], psi=psi, missing=(*own.missing, *sorted(lost)))
