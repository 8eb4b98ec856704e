"""Regression discontinuity: the jump of the outcome at an eligibility threshold, by local polynomials on both sides.

Hahn, Todd and van der Klaauw (2001, Econometrica 69); `degree=2` is the bias-corrected local linear estimate of
Calonico, Cattaneo and Titiunik (2014, Econometrica 82) with equal bandwidths. Assumes that units cannot place
themselves at the threshold: test it (`density_test`), and drop those next to it (`donut`, Barreca et al. 2016, Economic
Inquiry 54). The effect is that at the threshold, no other.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.bench.effects.cross_section import Cutoff
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Floats

Kernel = Literal["triangular", "uniform"]

WEAK = Refusal("eligibility does not move treatment at the threshold", "资格在门槛处没有改变处理状态")


def regression_discontinuity(
    sample: Cutoff,
    *,
    bandwidth: float,
    level: float = 0.95,
    degree: int = 1,
    kernel: Kernel = "triangular",
    donut: float = 0.0,
    min_side: int = 20,
    min_first_stage: float = 3.3,
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Jump at the cutoff; with `taken`, over the jump of treatment (a local average treatment effect).

    bandwidth        units within it (of the running variable) are used; `rule_of_thumb` gives one.
    donut            units nearer than this to the cutoff are dropped.
    min_side         fewer units than this on a side are no basis for an answer.
    min_first_stage  |t| of the jump of treatment below which there is none (3.3 is F = 11).
    """
    distance = sample.running - sample.cutoff
    use = (np.abs(distance) <= bandwidth) & (np.abs(distance) >= donut)
    sides = int((use & (distance < 0)).sum()), int((use & (distance >= 0)).sum())
    if min(sides) < max(min_side, degree + 2):
        return Refusal(
            f"{sides[0]} units below and {sides[1]} above the cutoff",
            f"门槛下方 {sides[0]} 个、上方 {sides[1]} 个单位，过少",
        )
    at, cluster = distance[use] / bandwidth, sample.cluster[use]
    weight = 1 - np.abs(at) if kernel == "triangular" else np.ones_like(at)
    jump, psi = _jump(sample.y[use], at, weight, degree)
    notes: tuple[str, ...] = (f"{sides[0]} units below and {sides[1]} above the cutoff",)
    if sample.taken is not None:
        first, first_psi = _jump(sample.taken[use], at, weight, degree)
        stage = from_influence(first, first_psi, cluster, level=level, small_sample=small_sample)
        if isinstance(stage, Refusal) or abs(first) < min_first_stage * stage.se or not first:
            return WEAK
        jump /= first
        psi = (psi - jump * first_psi) / first
        notes += (f"treatment jumps by {first:.3f}",)
    return from_influence(jump, psi, cluster, level=level, small_sample=small_sample, notes=notes)


def _jump(y: Floats, at: Floats, weight: Floats, degree: int) -> tuple[float, Floats]:
    """Difference of the two sides' intercepts and its influence function (units in the window,)."""
    above = (at >= 0).astype(float)[:, None]
    powers = at[:, None] ** np.arange(degree + 1)
    x = np.hstack([above * powers, (1 - above) * powers])
    bread = np.linalg.pinv((x * weight[:, None]).T @ x)
    b = bread @ (x.T @ (weight * y))
    contrast = np.zeros(x.shape[1])
    contrast[0], contrast[degree + 1] = 1.0, -1.0
    psi: Floats = (x @ (bread @ contrast)) * weight * (y - x @ b)
    return float(contrast @ b), psi


def rule_of_thumb(sample: Cutoff) -> float:
    """Bandwidth of Fan and Gijbels (1996, Local Polynomial Modelling, 4.2): a quartic on each side, the smaller one.

    h = 3.4375 (s^2 range / sum of squared second derivatives)^(1/5): a triangular kernel at an edge has this constant
    (Imbens and Kalyanaraman 2012, Review of Economic Studies 79).
    """
    found = []
    for side in (sample.running < sample.cutoff, sample.running >= sample.cutoff):
        x, y = sample.running[side] - sample.cutoff, sample.y[side]
        curve = np.polynomial.Polynomial.fit(x, y, 4)
        noise = float(((y - curve(x)) ** 2).sum()) / max(x.size - 5, 1)
        bend = float((curve.deriv(2)(x) ** 2).sum())
        found.append(3.4375 * (noise * float(np.ptp(x)) / max(bend, 1e-300)) ** 0.2)
    return float(min(*found, np.ptp(sample.running) / 2))
