"""Sun and Abraham (2021, Journal of Econometrics 225): the interaction-weighted event study.

A regression with a dummy for every cohort and age, unit and period effects, and the period before start - anticipation
left out; the controls are the never treated, or the last cohort while it is clean. It is saturated, so on a balanced
panel without covariates its coefficients are the changes of means since the base period less those of the controls:
`att_gt(base="universal")`. The tests compare with the regression itself. Assumes what Callaway and Sant'Anna assume
with these controls; here cohorts are weighted by their share of the cells in the sample, which is taken as fixed.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.bench.effects.aggregate import Aggregate, aggregate
from sfbench.bench.effects.att_gt import att_gt
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.identified import Unidentified, overall, refusal
from sfbench.bench.effects.panel import Panel


def sun_abraham(
    panel: Panel,
    *,
    level: float = 0.95,
    over: Literal["cells", "ages"] = "cells",
    unidentified: Unidentified = "drop",
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Mean effect over treated cells, or with equal weight for each age >= 0."""
    cells = att_gt(panel, control=_control(panel), base="universal")
    refused = refusal(panel, cells, unidentified=unidentified)
    if refused is not None:
        return refused
    found = aggregate(panel, cells, kind="simple" if over == "cells" else "dynamic", shares="fixed")
    return overall(panel, cells, found, panel.cluster, level=level, small_sample=small_sample)


def event_study(panel: Panel) -> Aggregate | Refusal:
    """Effects by age (`key`), leads included; the base age is 0 by construction."""
    cells = att_gt(panel, control=_control(panel), base="universal")
    refused = refusal(panel, cells, unidentified="drop")
    return refused if refused is not None else aggregate(panel, cells, kind="dynamic", shares="fixed", leads=True)


def _control(panel: Panel) -> Literal["never", "last"]:
    return "never" if bool(np.any(panel.never)) else "last"
