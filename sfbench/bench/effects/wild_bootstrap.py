"""Wild cluster bootstrap of the two-way fixed-effects t statistic, with the null imposed (WCR).

Cameron, Gelbach and Miller (2008, Review of Economics and Statistics 90); few clusters: Webb (2023, Canadian Journal of
Economics). Assumes clusters independent and not too different, and more than one treated: with one the restricted
bootstrap cannot reject (MacKinnon and Webb 2018, Econometrics Journal 21), so this refuses.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Literal

import numpy as np

from sfbench.bench.effects.estimate import NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import WEBB, cluster_sums
from sfbench.bench.effects.panel import Floats, Panel
from sfbench.bench.effects.twfe import COLLINEAR, twfe, within

ALONE = Refusal(
    "one cluster is treated, or one is not: the wild bootstrap has no valid test",
    "仅一个聚类受处理（或仅一个未受处理）：wild bootstrap 检验无效",
)

UNBOUNDED = Refusal("no effect is rejected, however large: too few clusters", "无论效应多大都不能拒绝：聚类过少")


def wild_bootstrap(
    panel: Panel,
    *,
    level: float = 0.95,
    points: Literal["rademacher", "webb"] = "rademacher",
    max_exact: int = 4096,
    draws: int = 1999,
    seed: int = 0,
) -> Estimate | Refusal:
    """Coefficient with the interval of values whose bootstrap p exceeds 1 - level.

    All draws are enumerated if there are at most `max_exact` (2^G or 6^G), else `draws` are made with `seed`.
    """
    plain = twfe(panel, level=level)
    if isinstance(plain, Refusal):
        return plain
    ever = cluster_sums(panel.treated.any(axis=1).astype(float), panel.cluster) > 0
    if not ever.any():
        return NO_TREATED
    if ever.sum() < 2 or (~ever).sum() == 1:
        return ALONE
    test = _Test(panel, points, max_exact, draws, seed)
    if test.size < 1e-9:
        return COLLINEAR
    low, high = (_edge(test, plain.value, side * plain.se, 1 - level) for side in (-1, 1))
    if math.isinf(low) or math.isinf(high):
        return UNBOUNDED
    return Estimate(value=plain.value, se=plain.se, low=low, high=high, p=test.p(0.0), notes=(test.how,))


class _Test:
    """p(b): share of bootstrap |t| that reach the real one under the null "the coefficient is b".

    A bootstrap outcome is fit + v * u with u = y - b d free of unit and period effects. All that p(b) needs are sums by
    cluster, as v is constant within one, and they are linear in b: kept for y and for d.
    """

    def __init__(self, panel: Panel, points: str, max_exact: int, draws: int, seed: int) -> None:
        w, cluster = panel.w, panel.cluster
        d, y = within(panel.treated.astype(float), w), within(panel.y, w)
        self.own = cluster_sums(w * (d * d).sum(axis=1), cluster)  # d'd by cluster
        self.score = cluster_sums(w * (d * y).sum(axis=1), cluster)  # d'y by cluster
        self.size = float(self.own.sum())
        self.v, self.how = _signs(self.own.size, points, max_exact, draws, seed)
        # v * u has period means, which the regression takes out of the scores again.
        weighted_d = cluster_sums(w[:, None] * d, cluster)  # (G, periods)
        means_y = cluster_sums(w[:, None] * y, cluster) / w.sum()
        self.drawn_y = self.v * self.score - self.v @ (means_y @ weighted_d.T)  # (draws, G)
        self.drawn_d = self.v * self.own - self.v @ (weighted_d @ weighted_d.T) / w.sum()

    def p(self, b: float) -> float:
        score = self.score - b * self.own
        shift = self.v @ score / self.size
        scores = self.drawn_y - b * self.drawn_d - shift[:, None] * self.own
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn = np.nan_to_num(np.abs(shift) / np.sqrt((scores**2).sum(axis=1)), nan=0.0)
        real = float(score.sum()) / self.size
        t = abs(real) / math.sqrt(float(((score - real * self.own) ** 2).sum()))
        return float((drawn >= t * (1 - 1e-9)).mean())


def _signs(groups: int, points: str, max_exact: int, draws: int, seed: int) -> tuple[Floats, str]:
    """(draws, clusters) multipliers, and how they were made."""
    values = WEBB if points == "webb" else np.array([-1.0, 1.0])
    count = values.size**groups
    if count <= max_exact:
        return np.array(list(product(values, repeat=groups))), f"all {count} {points} draws"
    return np.random.default_rng(seed).choice(values, (draws, groups)), f"{draws} {points} draws, seed {seed}"


def _edge(test: _Test, value: float, step: float, alpha: float) -> float:
    """Where p falls to alpha on the way from the estimate in the direction of `step`; infinite if it never does.

    By bisection: p need not fall evenly, and with several crossings this is one of them.
    """
    far = 1.0
    while test.p(value + far * step) > alpha:
        far *= 2
        if far > 1e4:
            return math.copysign(math.inf, step)
    near = 0.0
    for _ in range(25):
        middle = (near + far) / 2
        near, far = (middle, far) if test.p(value + middle * step) > alpha else (near, middle)
    return value + far * step
