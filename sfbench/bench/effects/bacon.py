"""The Goodman-Bacon decomposition: which two-by-two comparisons a two-way fixed-effects coefficient averages.

Goodman-Bacon (2021, Journal of Econometrics 225), theorem 1, for a balanced panel; weighted units count as shares. The
weight of "later against earlier" (already treated controls) says how far `twfe` depends on constant effects.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sfbench.bench.effects.estimate import NO_CONTROL, NO_TREATED, Refusal
from sfbench.bench.effects.panel import NEVER, Bools, Floats, Panel

Kind = Literal["untreated", "always treated", "earlier against later", "later against earlier"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One comparison: cohort `treated` against `control` (NEVER: untreated; 0: always treated)."""

    kind: Kind
    treated: int
    control: int
    estimate: float
    weight: float


def bacon(panel: Panel) -> tuple[Component, ...] | Refusal:
    """All comparisons; the weights sum to 1, and weight * estimate to the coefficient of `twfe`."""
    start = np.where(panel.start >= panel.periods, NEVER, panel.start)
    cohorts = [int(g) for g in np.unique(start)]
    timed = [g for g in cohorts if 0 < g < NEVER]
    if not timed:
        return NO_TREATED
    if len(cohorts) < 2:
        return NO_CONTROL
    path = {g: np.average(panel.y[start == g], axis=0, weights=panel.w[start == g]) for g in cohorts}
    share = {g: float(panel.w[start == g].sum() / panel.w.sum()) for g in cohorts}
    duty = {g: max(panel.periods - g, 0) / panel.periods for g in cohorts}  # share of periods treated
    time = np.arange(panel.periods)

    def compare(kind: Kind, a: int, b: int, window: Bools, scale: float, dose: float) -> Component:
        """`scale`: the window's share of all periods; `dose`: the share of the window in which `a` is treated."""
        pair = share[a] + share[b]
        mix = share[a] / pair
        weight = (pair * scale) ** 2 * mix * (1 - mix) * dose * (1 - dose)
        gap = _gap(path[a] - path[b], window, time >= a)
        return Component(kind=kind, treated=a, control=b, estimate=gap, weight=weight)

    found: list[Component] = []
    for k in timed:
        if NEVER in path:
            found.append(compare("untreated", k, NEVER, time >= 0, 1.0, duty[k]))
        if 0 in path:
            found.append(compare("always treated", k, 0, time >= 0, 1.0, duty[k]))
        for late in (g for g in timed if g > k):
            early = 1 - duty[late]  # share of periods before the later cohort starts
            found.append(compare("earlier against later", k, late, time < late, early, (duty[k] - duty[late]) / early))
            found.append(compare("later against earlier", late, k, time >= k, duty[k], duty[late] / duty[k]))
    total = sum(component.weight for component in found)
    return tuple(replace(component, weight=component.weight / total) for component in found)


def _gap(difference: Floats, window: Bools, post: Bools) -> float:
    return float(difference[window & post].mean() - difference[window & ~post].mean())


def forbidden_weight(components: tuple[Component, ...]) -> float:
    """Weight of the comparisons whose control is already treated."""
    return sum(c.weight for c in components if c.kind in ("later against earlier", "always treated"))
