"""Placebo groups: donors that take the part of the treated, to see what the method finds where nothing was done."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np

from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.inference import interval
from sfbench.bench.effects.panel import Floats, Ints

FEW_DONORS = Refusal(
    "placebo inference needs at least two donors more than treated units", "安慰剂推断要求对照单位比处理单位至少多两个"
)


def groups(donors: int, treated: int, *, max_exact: int, draws: int, seed: int) -> tuple[Ints, str]:
    """(n, treated) positions of donors: all groups if there are at most `max_exact`, else `draws` of them."""
    total = math.comb(donors, treated)
    if total <= max_exact:
        return np.array(list(combinations(range(donors), treated)), np.int64), f"all {total} placebo groups"
    rng = np.random.default_rng(seed)
    dealt = np.stack([rng.permutation(donors)[:treated] for _ in range(draws)])
    return dealt.astype(np.int64), f"{draws} of {total} placebo groups, seed {seed}"


def with_placebos(
    effect: Callable[[Floats], tuple[float, float]], y: Floats, treated: int, level: float, deals: Ints, how: str
) -> Estimate:
    """The effect on the first `treated` rows of y (units, periods), with the spread of the placebos as its error.

    `effect(y)` gives (value, the statistic that is ranked). The interval is value -+ t(donors - 1) sd, for errors alike
    in donors and treated; p is the rank of the real statistic among the placebos', itself included.
    """
    value, real = (float(x) for x in effect(y))
    donors = y[treated:]
    found = []
    for deal in deals:
        others = np.ones(len(donors), bool)
        others[deal] = False
        found.append(effect(np.vstack([donors[deal], donors[others]])))
    values, ranked = np.array(found).T
    se = math.sqrt(float((values**2).mean()))  # under the null the placebos have mean 0
    p = (1 + float((ranked >= real).sum())) / (1 + len(deals))
    notes: tuple[str, ...] = (how,)
    if 1 / (1 + len(deals)) > 1 - level:
        notes += (f"the placebo rank cannot give a p below {1 / (1 + len(deals)):.3f}",)
    plain = interval(value, se, level=level, df=len(donors) - 1)
    return Estimate(value=value, se=se, low=plain.low, high=plain.high, p=p, notes=notes)
