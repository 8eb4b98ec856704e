"""Augmented inverse probability weighting: the effect if selection depends on covariates that we see.

Robins, Rotnitzky and Zhao (1994, Journal of the American Statistical Association 89); cross-fitted as in Chernozhukov
et al. (2018, Econometrics Journal 21). Right if the outcome model or the propensity model is (double robustness), there
is no unseen confounder, and treated units have untreated ones like them (overlap: if not, this refuses). Models: linear
least squares and logistic regression, on standardised covariates; put squares and products into x yourself.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.bench.effects.cross_section import CrossSection
from sfbench.bench.effects.estimate import NO_CONTROL, NO_TREATED, Estimate, Refusal
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Floats, Ints


def aipw(
    sample: CrossSection,
    *,
    level: float = 0.95,
    target: Literal["att", "ate"] = "att",
    folds: int = 5,
    seed: int = 0,
    ridge: float = 1e-3,
    trim: float = 0.02,
    max_trimmed: float = 0.1,
    small_sample: bool = True,
) -> Estimate | Refusal:
    """Effect on the treated, or on all.

    folds        of cross-fitting, dealt by cluster with `seed`; 1: fitted and used on the same units.
    ridge        penalty of both models per unit, on standardised covariates, not on the intercept.
    trim         propensities are held in [trim, 1 - trim]; if more than `max_trimmed` of the target's units lie
                 outside, there is no overlap and no answer.
    """
    treated, y = sample.treated, sample.y
    if not treated.any():
        return NO_TREATED
    if treated.all():
        return NO_CONTROL
    spread = sample.x.std(axis=0)
    x = np.column_stack([np.ones(len(y)), (sample.x - sample.x.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])
    e, m0, m1 = np.empty_like(y), np.empty_like(y), np.empty_like(y)
    fold = _folds(sample.cluster, folds, seed)
    for k in range(folds):
        out, fit = fold == k, (fold != k) | (folds == 1)
        if min(int((treated & fit).sum()), int((~treated & fit).sum())) <= x.shape[1]:
            return Refusal("too few units in a fold for its models", "某折样本过少，无法估计模型")
        e[out] = _probability(x[out] @ logistic(x[fit], treated[fit].astype(float), ridge))
        m0[out] = x[out] @ _linear(x[fit & ~treated], y[fit & ~treated], ridge)
        m1[out] = x[out] @ _linear(x[fit & treated], y[fit & treated], ridge)
    outside = (e > 1 - trim) | ((e < trim) & (target == "ate"))
    share = float(outside.mean() if target == "ate" else outside[treated].mean())
    if share > max_trimmed:
        return Refusal(f"no overlap: {share:.0%} have no comparable unit", f"缺乏重叠：{share:.0%} 的单位没有可比对象")
    e = e.clip(trim, 1 - trim)
    if target == "att":
        score = np.where(treated, y - m0, -e / (1 - e) * (y - m0)) / treated.mean()
        value = float(score.mean())
        psi = (score - value * treated / treated.mean()) / len(y)
    else:
        score = m1 - m0 + np.where(treated, (y - m1) / e, -(y - m0) / (1 - e))
        value = float(score.mean())
        psi = (score - value) / len(y)
    notes = (f"propensity held at its limit for {share:.1%}",) if share else ()
    return from_influence(value, psi, sample.cluster, level=level, small_sample=small_sample, notes=notes)


def logistic(x: Floats, d: Floats, ridge: float, *, steps: int = 50) -> Floats:
    """(k,) coefficients by Newton's method; the first column is the intercept and is not penalised."""
    penalty = ridge * len(d) * np.diag(np.arange(x.shape[1]) > 0)
    b: Floats = np.zeros(x.shape[1])
    for _ in range(steps):
        p = _probability(x @ b)
        change = np.linalg.solve((x * (p * (1 - p) + 1e-9)[:, None]).T @ x + penalty, x.T @ (d - p) - penalty @ b)
        b = b + change
        if float(np.abs(change).max()) < 1e-10:
            break
    return b


def _probability(index: Floats) -> Floats:
    out: Floats = 1 / (1 + np.exp(-index.clip(-35, 35)))
    return out


def _linear(x: Floats, y: Floats, ridge: float) -> Floats:
    penalty = ridge * len(y) * np.diag(np.arange(x.shape[1]) > 0)
    return np.asarray(np.linalg.solve(x.T @ x + penalty, x.T @ y), np.float64)


def _folds(cluster: Ints, folds: int, seed: int) -> Ints:
    names, position = np.unique(cluster, return_inverse=True)
    dealt = np.random.default_rng(seed).permutation(names.size) % folds
    return np.asarray(dealt[position], np.int64)
