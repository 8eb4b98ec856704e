"""Synthetic control and synthetic difference in differences: factor models, exact fits, placebos."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from sfbench.bench.effects.estimate import Refusal
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.simplex import simplex_weights
from sfbench.bench.effects.synthetic_control import gaps, synthetic_control
from sfbench.bench.effects.synthetic_did import synthetic_did
from sfbench.bench.effects.twfe import twfe

from .shared import panel, toy, within_band


def factor(seed, *, effect=0.0, treated=1, donors=20, periods=24, noise=0.2):
    """One trend that loads on units; the treated load above the mean, so their trend is not parallel to the donors'."""
    rng = np.random.default_rng(seed)
    trend = rng.normal(0.3, 0.5, periods).cumsum()
    load = np.concatenate([np.full(treated, 1.4), rng.uniform(0, 2, donors)])
    start = np.repeat([16, NEVER], [treated, donors])
    y = load[:, None] * trend + noise * rng.normal(size=(treated + donors, periods))
    return panel(y + effect * (np.arange(periods) >= start[:, None]), start)


@pytest.mark.parametrize(("ridge", "intercept"), [(0.0, False), (0.5, True)])
def test_the_weights_satisfy_the_conditions_of_optimality(ridge, intercept):
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(15, 8)), rng.normal(size=15)
    w = simplex_weights(a, b, ridge=ridge, intercept=intercept)
    if intercept:
        a, b = a - a.mean(axis=0), b - b.mean()
    slope = a.T @ (a @ w - b) + ridge * w  # equal where w > 0, not below it where w = 0
    assert w.min() >= 0 and w.sum() == pytest.approx(1)
    assert slope[w > 0] == pytest.approx(np.full((w > 0).sum(), slope[w > 0].mean()), abs=1e-9)
    assert (slope[w == 0] >= slope[w > 0].mean() - 1e-9).all()
    assert 1 < (w > 0).sum() < 8


def test_a_mixture_of_donors_is_found_exactly():
    y = factor(1, noise=1.0).y[1:]
    mixture = 0.3 * y[2] + 0.7 * y[9]
    assert gaps(mixture, y, 22, intercept=False) == pytest.approx(np.zeros(24), abs=1e-5)
    assert gaps(mixture + 5, y, 22, intercept=True) == pytest.approx(np.zeros(24), abs=1e-5)


@pytest.mark.parametrize("method", [synthetic_control, synthetic_did])
def test_a_trend_that_is_not_parallel_misleads_fixed_effects_and_not_synthetic_controls(method):
    bias = np.array([[method(factor(s)).value, twfe(factor(s)).value] for s in range(40)])
    assert abs(bias[:, 0]).mean() < 0.35 * abs(bias[:, 1]).mean()
    assert abs(bias[:, 0].mean()) < 3 * bias[:, 0].std() / np.sqrt(40)


@pytest.mark.parametrize("method", [synthetic_control, synthetic_did])
def test_adding_an_effect_moves_the_estimate_by_it(method):
    moved = method(factor(4, effect=0.7)).value - method(factor(4)).value
    assert moved == pytest.approx(0.7, abs=1e-7)


def test_the_placebo_rank_has_its_size_when_all_units_are_alike():
    """20 units, one treated by lot: p <= 5 % for the first rank alone."""
    runs = 200
    hits = sum(synthetic_control(toy(s, starts=(6,) + (NEVER,) * 19, each=1, effect=0)).p <= 0.05 for s in range(runs))
    assert within_band(hits, runs, 0.05)


def test_the_interval_of_synthetic_did_covers_when_all_units_are_alike():
    runs = 200
    draws = (toy(s, starts=(6,) * 3 + (NEVER,) * 17, each=1, effect=0.5) for s in range(runs))
    assert within_band(sum(synthetic_did(panel, draws=40).covers(0.5) for panel in draws), runs, 0.95)


def test_few_donors_are_named_and_too_few_are_refused():
    assert any("below 0.111" in note for note in synthetic_control(factor(1, donors=8)).notes)
    assert isinstance(synthetic_control(factor(1, treated=3, donors=4)), Refusal)
    assert isinstance(synthetic_did(factor(1, treated=3, donors=4)), Refusal)
    assert isinstance(synthetic_control(toy(1)), Refusal)  # two dates


def test_several_dates_are_one_fit_a_cohort():
    both = toy(2, starts=(4, 7, NEVER, NEVER, NEVER), each=4)
    parts = [both.take((both.start == g) | both.never) for g in (4, 7)]
    values = [synthetic_did(part).value for part in parts]
    assert synthetic_did(both).value == pytest.approx(np.average(values, weights=[6, 3]), abs=1e-12)


def test_synthetic_did_agrees_with_diff_diff():
    diff_diff = pytest.importorskip("diff_diff", reason="cross-check against diff-diff (extra `test`)")
    own = factor(6, effect=0.5, treated=2)
    unit, t = np.indices(own.y.shape)
    treated = (own.start != NEVER).astype(int)[unit]
    columns = {"unit": unit, "t": t, "y": own.y, "treated": treated}
    frame = pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = diff_diff.SyntheticDiD(n_bootstrap=20, seed=1).fit(
            frame, outcome="y", treatment="treated", unit="unit", time="t", post_periods=list(range(16, 24))
        )
    assert synthetic_did(own).value == pytest.approx(fitted.att, abs=2e-3)  # theirs stops Frank-Wolfe steps early


def test_synthetic_control_agrees_with_pysyncon():
    pysyncon = pytest.importorskip("pysyncon", reason="cross-check against pysyncon (extra `test`)")
    own = factor(6, effect=0.5)
    synth = pysyncon.Synth()
    before = pd.DataFrame(own.y[:, :16].T)
    scale = before.var(axis=1).to_numpy()  # it divides each period by its spread; this undoes it
    x0, x1 = before.iloc[:, 1:], before.iloc[:, 0]
    synth.fit(X0=x0, X1=x1, Z0=x0, Z1=x1, custom_V=scale)
    gap = own.y[0, 16:] - np.asarray(synth.W) @ own.y[1:, 16:]
    assert synthetic_control(own).value == pytest.approx(gap.mean(), abs=2e-3)
