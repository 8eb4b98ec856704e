"""Bounds under violated trends: closed forms against a linear programme, coverage where trends differ."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.estimate import Refusal
from sfbench.bench.effects.honest_did import bias_bounds, honest_did, trend_steps
from sfbench.bench.effects.panel import NEVER

from .shared import panel, toy

AGES = np.arange(-4, 3)


def extremes(before, weights, restriction, m):
    """Oracle: least and largest bias sum(l * delta) over all paths delta that agree with `before` (ages -4..-1)."""
    k = AGES.size
    step = np.diff(np.eye(k), axis=0)  # d_s = delta[s + 1] - delta[s]
    past, rows = step[:3], []
    if restriction == "relative_magnitude":
        rows, limit = list(step[3:]), m * np.abs(past[:, :4] @ before).max()
    else:
        rows, limit = list(np.diff(step, axis=0)[2:]), m
    a = np.vstack([rows, -np.array(rows)])
    fixed = np.eye(k)[:4]
    bounds = []
    for sign in (1, -1):
        done = linprog(
            sign * weights, A_ub=a, b_ub=np.full(len(a), limit), A_eq=fixed, b_eq=before, bounds=[(None, None)] * k
        )
        bounds.append(sign * done.fun)
    return bounds


@pytest.mark.parametrize("restriction", ["relative_magnitude", "smoothness"])
@pytest.mark.parametrize("weights", [np.array([1.0, 0, 0]), np.full(3, 1 / 3)], ids=["first", "mean"])
def test_the_closed_forms_are_the_linear_programmes(restriction, weights):
    before = np.array([0.3, -0.1, 0.25, 0.0])
    weights = np.concatenate([np.zeros(4), weights])
    slope, k = bias_bounds(AGES, weights, -1, restriction)
    past = trend_steps(AGES, -1) @ np.concatenate([before, np.zeros(3)])
    for m in (0.0, 0.5, 2.0):
        centre = slope * past[-1]
        half = m * k * (np.abs(past).max() if restriction == "relative_magnitude" else 1.0)
        assert [centre - half, centre + half] == pytest.approx(extremes(before, weights, restriction, m), abs=1e-7)


def diverging(seed, slope=0.3, effect=0.0, noise=0.3):
    """S7: the treated grow faster before and after; no effect."""
    city = toy(seed, starts=(6, NEVER), each=20, periods=9, effect=effect, noise=noise)
    return panel(city.y + slope * (city.start == 6)[:, None] * np.arange(9), city.start)


def test_bounds_cover_no_effect_where_difference_in_differences_claims_one():
    naive = bounded = smooth = 0
    for seed in range(100):
        city = diverging(seed)
        naive += callaway_santanna(city, kind="dynamic").claims
        bounded += honest_did(city, m=1.0, over="mean").claims
        smooth += honest_did(city, m=0.0, restriction="smoothness").claims
    assert naive > 90
    assert bounded <= 5
    assert smooth <= 11  # 5 % of 100, 99 % band


def test_without_a_violation_allowed_the_bounds_are_the_plain_interval():
    city = diverging(1)
    plain = honest_did(city, m=0.0)
    assert plain.value == pytest.approx(0.5 * (plain.low + plain.high))
    wider = [honest_did(city, m=m) for m in (0.0, 0.5, 1.0, 2.0)]
    assert [e.low for e in wider] == sorted((e.low for e in wider), reverse=True)
    assert len({e.value for e in wider}) == 1


def test_a_restriction_that_the_past_breaks_is_named():
    notes = honest_did(diverging(1), m=0.01, restriction="smoothness").notes
    assert any("bends by up to" in note for note in notes)
    assert not any("bends" in note for note in honest_did(diverging(1), m=5.0, restriction="smoothness").notes)


def test_a_large_effect_survives():
    assert honest_did(diverging(1, slope=0.0, effect=3.0), m=1.0).claims


def test_one_period_before_treatment_says_nothing_about_trends():
    assert isinstance(honest_did(toy(1, starts=(1, NEVER)), m=1.0), Refusal)
