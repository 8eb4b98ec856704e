"""Randomisation inference: the dates of treatment are dealt to the clusters anew, and the estimate is compared.

Fisher (1935, The Design of Experiments); for clusters Conley and Taber (2011, Review of Economics and Statistics) and
MacKinnon and Webb (2020, Journal of Econometrics). Exact if every assignment was equally likely, whatever the errors.
The statistic is the two-way fixed-effects coefficient on cluster means (with one date: the difference in differences).
With n assignments p cannot be below 1 / n (2 / n if half of the clusters are treated: the mirror image is as extreme).
If that is above 1 - level, the test cannot reject and this refuses.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from sfbench.bench.effects.collapse import by_cluster
from sfbench.bench.effects.estimate import NO_BASE, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.panel import Floats, Ints, Panel
from sfbench.bench.effects.twfe import COLLINEAR

LEADS = Refusal(
    "with several dates, periods of anticipation cannot be left out here", "多个处理日期时，此处无法剔除预期期"
)


def randomisation(
    panel: Panel, *, level: float = 0.95, max_exact: int = 5000, draws: int = 1999, seed: int = 0
) -> Estimate | Refusal:
    """Estimate, p value of "no effect on any cluster" and the interval of the constant effects that are not rejected.

    All assignments are enumerated if there are at most `max_exact`, else `draws` of them are dealt with `seed`.
    """
    clusters = by_cluster(panel)
    if isinstance(clusters, Refusal):
        return clusters
    dates = clusters.cohorts
    if not dates:
        return NO_TREATED
    if dates[0] - clusters.anticipation < 1:
        return NO_BASE
    if clusters.anticipation and len(dates) > 1:
        return LEADS
    keep = np.ones(clusters.periods, bool)
    keep[dates[0] - clusters.anticipation : dates[0]] = False  # neither before nor after; nothing without anticipation
    deals, how = assignments(clusters.start, max_exact=max_exact, draws=draws, seed=seed)
    treated = (np.arange(clusters.periods) >= deals[:, :, None])[:, :, keep].astype(float)
    d = _demean(treated).reshape(len(deals), -1)  # the real one first
    size = float(d[0] @ d[0])
    if size < 1e-9:
        return COLLINEAR
    y = _demean(clusters.y[None, :, keep]).ravel()
    return _invert(d @ y / size, d @ d[0] / size, level, how)


def _demean(x: Floats) -> Floats:
    """(n, clusters, periods) less cluster and period means."""
    out: Floats = x - x.mean(axis=1, keepdims=True) - x.mean(axis=2, keepdims=True) + x.mean(axis=(1, 2), keepdims=True)
    return out


def assignments(start: Ints, *, max_exact: int, draws: int, seed: int) -> tuple[Ints, str]:
    """(deals, clusters) first treated periods, the real ones first, and how they were made."""
    dates, counts = np.unique(start, return_counts=True)
    total = math.factorial(start.size) // math.prod(math.factorial(int(n)) for n in counts)
    if total > max_exact:
        rng = np.random.default_rng(seed)
        dealt = np.stack([start, *(rng.permutation(start) for _ in range(draws))])
        return dealt, f"{draws} of {total} assignments dealt, seed {seed}"
    deals = [np.full(start.size, dates[-1])]
    for date, count in zip(dates[:-1], counts[:-1], strict=True):
        deals = [
            _put(deal, who, date) for deal in deals for who in combinations(np.flatnonzero(deal == dates[-1]), count)
        ]
    all_of_them = np.stack(deals)
    real = (all_of_them == start).all(axis=1)
    return np.concatenate([all_of_them[real], all_of_them[~real]]), f"all {total} assignments"


def _put(deal: Ints, who: tuple[int, ...], date: int) -> Ints:
    out = deal.copy()
    out[list(who)] = date
    return out


def _invert(statistic: Floats, dose: Floats, level: float, how: str) -> Estimate | Refusal:
    """Under a constant effect x the statistic of a deal is s - x c, and |c| <= 1 = c of the real deal (Cauchy-Schwarz).

    So each deal is at least as extreme as the real one for x in an interval around the estimate, and p(x) is the share
    of deals whose interval holds x: it falls on both sides, and the confidence limits are order statistics.
    """
    value, n = float(statistic[0]), statistic.size
    minus, plus = 1 - dose, 1 + dose
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = np.stack([(value - statistic) / minus, (value + statistic) / plus])
    same = (minus < 1e-9) | (plus < 1e-9)  # the real deal, or its mirror image: as extreme for every x
    least = float(same.mean())
    if least > 1 - level + 1e-12:
        return Refusal(f"{how}: no p value can be below {least:.3f}", f"{n} 种分配：p 值不可能小于 {least:.3f}")
    low = np.sort(np.where(same, -np.inf, roots.min(axis=0)))
    high = np.sort(np.where(same, np.inf, roots.max(axis=0)))
    spare = math.floor((1 - level) * n + 1e-9)  # so many deals may be as extreme and x still be rejected
    p = float((np.abs(statistic) >= abs(value) - 1e-12 * max(abs(value), 1.0)).mean())
    return Estimate(value=value, se=math.nan, low=float(low[spare]), high=float(high[n - 1 - spare]), p=p, notes=(how,))
