"""Closed forms against the regressions that define them, run with every dummy written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.sun_abraham import event_study
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.effects.two_way import TwoWay

from .shared import panel, toy


def dummies(city):
    """(units * periods, units + periods) of unit and period effects."""
    unit, t = np.indices(city.y.shape)
    return np.hstack([unit.reshape(-1, 1) == np.arange(city.units), t.reshape(-1, 1) == np.arange(city.periods)]) * 1.0


@pytest.mark.parametrize("starts", [(4, 7, NEVER), (4, 6, 8)], ids=["never treated", "last cohort"])
@pytest.mark.parametrize("anticipation", [0, 1])
def test_sun_abraham_is_the_saturated_regression(starts, anticipation):
    city = replace(toy(2, starts=starts, each=4, growth=0.2), anticipation=anticipation)
    last = max(starts)
    window = np.arange(10) < (10 if last == NEVER else last - anticipation)
    age = np.arange(10) - city.start[:, None]
    columns, keys = [], []
    for g in (g for g in starts if g != last):
        for e in np.unique(age[city.start == g]):
            if e != -1 - anticipation and window[g + e]:
                columns.append(((city.start[:, None] == g) & (age == e)).ravel())
                keys.append(e)
    use = np.broadcast_to(window, city.y.shape).ravel()
    x = np.column_stack([*columns, dummies(city)])[use] * 1.0
    b = np.linalg.lstsq(x, city.y.ravel()[use], rcond=None)[0][: len(keys)]
    found = event_study(city)
    for key, value in zip(found.key, found.att, strict=True):
        own = [v for v, e in zip(b, keys, strict=True) if e == key]  # cohorts are of equal size
        assert value == pytest.approx(np.mean(own) if own else 0.0, abs=1e-9)


def test_imputation_is_the_regression_on_untreated_cells_with_its_conservative_error():
    """Theorem 3 of Borusyak, Jaravel and Spiess by plain matrices: v = w1 - Z0 (Z0'Z0)^-1 Z1'w1."""
    city = toy(4, each=5, growth=0.2)
    z, clean = dummies(city), city.clean.ravel()
    w1 = ~clean / (~clean).sum()
    y = city.y.ravel()
    fitted = z @ np.linalg.lstsq(z[clean], y[clean], rcond=None)[0]
    v = w1 - clean * (z @ np.linalg.pinv(z[clean].T @ z[clean]) @ z.T @ w1)
    start = np.repeat(city.start, city.periods)
    t = np.tile(np.arange(city.periods), city.units)
    residual = y - fitted
    for g in (4, 7):
        for p in range(g, 10):
            cell = (start == g) & (t == p)
            residual[cell] -= residual[cell].mean()
    se = np.sqrt(((v * residual).reshape(city.y.shape).sum(axis=1) ** 2).sum())
    found = imputation(city, small_sample=False)
    assert found.value == pytest.approx(w1 @ (y - fitted), abs=1e-10)
    assert found.value == pytest.approx(v @ y, abs=1e-10)
    assert found.se == pytest.approx(se, rel=1e-9)


def test_its_error_is_the_sandwich_of_that_regression():
    """CR1: G / (G - 1) * (n - 1) / (n - k), k without unit effects, which are nested in clusters."""
    city = replace(toy(4, each=4), cluster=np.repeat(np.arange(6), 2))
    x = np.column_stack([city.treated.ravel(), dummies(city)]) * 1.0
    bread = np.linalg.pinv(x.T @ x)
    residual = city.y.ravel() - x @ (bread @ (x.T @ city.y.ravel()))
    cluster = np.repeat(city.cluster, 10)
    scores = np.array([x[cluster == c].T @ residual[cluster == c] for c in range(6)])
    plain = np.sqrt((bread @ scores.T @ scores @ bread)[0, 0])
    assert twfe(city, small_sample=False).se == pytest.approx(plain, rel=1e-9)
    n, k = 120, 1 + 10  # treatment, and the period effects with the constant
    assert twfe(city).se == pytest.approx(plain * np.sqrt(6 / 5 * (n - 1) / (n - k)), rel=1e-9)


@pytest.mark.parametrize("trends", [False, True])
def test_two_way_fixed_effects_are_the_weighted_regression_with_every_dummy(trends):
    city = replace(toy(4, each=4), weight=np.random.default_rng(1).uniform(0.5, 2, 12))
    x = np.column_stack([city.treated.ravel(), dummies(city)]) * 1.0
    if trends:
        x = np.hstack([x, dummies(city)[:, :12] * np.tile(np.arange(10.0), 12)[:, None]])
    root = np.sqrt(np.repeat(city.w, 10))
    b = np.linalg.lstsq(x * root[:, None], city.y.ravel() * root, rcond=None)[0]
    assert twfe(city, trends=trends).value == pytest.approx(b[0], abs=1e-9)


def test_trends_of_units_take_out_a_linear_divergence():
    city = toy(1, starts=(5, NEVER), noise=0.2)
    apart = panel(city.y + 0.3 * (city.start == 5)[:, None] * np.arange(10), city.start)
    assert twfe(apart, trends=True).value == pytest.approx(twfe(city, trends=True).value, abs=1e-9)
    assert twfe(apart).value > twfe(city).value + 1


def test_cells_that_no_unit_links_are_not_connected():
    use = np.zeros((4, 6), bool)
    use[:2, :3] = use[2:, 3:] = True
    assert not TwoWay(use, np.ones(4)).connected
    use[0, 3] = True
    assert TwoWay(use, np.ones(4)).connected
