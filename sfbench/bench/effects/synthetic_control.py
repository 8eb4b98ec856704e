"""Synthetic control: the weighted mean of donors that follows the treated before treatment.

Abadie, Diamond and Hainmueller (2010, Journal of the American Statistical Association 105); with `intercept`, Ferman
and Pinto (2021, Quantitative Economics 12). Assumes that the weights that fit before would fit after (a factor model, a
long and well-fitted time before), and no spillover. Outcomes before treatment are the only predictors. After a treated
dip it inherits regression to the mean.
"""

from __future__ import annotations

import math

import numpy as np

from sfbench.bench.effects.collapse import one_date
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.panel import Floats, Panel
from sfbench.bench.effects.placebo import FEW_DONORS, groups, with_placebos
from sfbench.bench.effects.simplex import simplex_weights


def synthetic_control(
    panel: Panel,
    *,
    level: float = 0.95,
    intercept: bool = False,
    max_exact: int = 200,
    draws: int = 200,
    seed: int = 0,
) -> Estimate | Refusal:
    """Mean gap after treatment between the mean of the treated and its synthetic control; units count the same.

    p ranks the ratio of the root mean squared gap after to that before. One date of treatment, donors never treated.
    """
    date = one_date(panel)
    if isinstance(date, Refusal):
        return date
    treated = panel.start == date
    k, donors = int(treated.sum()), int(panel.never.sum())
    if donors < k + 2:
        return FEW_DONORS
    before, y = date - panel.anticipation, np.vstack([panel.y[treated], panel.y[panel.never]])

    def effect(y: Floats) -> tuple[float, float]:
        gap = gaps(y[:k].mean(axis=0), y[k:], before, intercept=intercept)
        fit = math.sqrt(float((gap[:before] ** 2).mean()))
        after = math.sqrt(float((gap[date:] ** 2).mean()))
        return float(gap[date:].mean()), after / fit if fit > 0 else math.inf

    deals, how = groups(donors, k, max_exact=max_exact, draws=draws, seed=seed)
    return with_placebos(effect, y, k, level, deals, how)


def gaps(target: Floats, donors: Floats, before: int, *, intercept: bool) -> Floats:
    """(periods,) target less synthetic control; the weights are fitted on the first `before` periods."""
    past = donors[:, :before].T
    # Not zero, so that there is one answer when donors outnumber periods.
    tiny = 1e-8 * before * float((past - target[:before, None]).var(axis=0).mean())
    w = simplex_weights(past, target[:before], ridge=tiny, intercept=intercept)
    gap: Floats = target - w @ donors
    return gap - gap[:before].mean() if intercept else gap
