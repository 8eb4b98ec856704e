"""Two policies at once: each is told from the other, and what both add together is counted where both are."""

import numpy as np
import pytest

from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.factorial import factorial
from sfbench.bench.effects.panel import NEVER, Panel
from sfbench.bench.effects.twfe import twfe

OWN, OTHER, TOGETHER, DATE, PERIODS = 0.04, 0.10, 0.02, 6, 12


def world(seed, noise, units=80):
    """(panel, start of the other policy): 7 in 10 of the treated and 2 in 10 of the others have it."""
    rng = np.random.default_rng(seed)
    place = np.arange(units) / units
    own, other = place < 0.5, ((place >= 0.15) & (place < 0.6))
    after = np.arange(PERIODS) >= DATE
    effect = OWN * own + OTHER * other + TOGETHER * (own & other)
    y = rng.normal(size=(units, 1)) + rng.normal(size=PERIODS) + effect[:, None] * after
    start, beside = (np.where(mask, DATE, NEVER) for mask in (own, other))
    panel = Panel(y=y + noise * rng.normal(size=y.shape), start=start, cluster=np.arange(units))
    return panel, beside


def test_without_noise_it_is_the_mean_effect_on_the_treated():
    panel, beside = world(1, 0.0)
    found = factorial(panel, [beside])
    assert isinstance(found, Estimate)
    assert found.value == pytest.approx(OWN + 0.7 * TOGETHER)  # 7 in 10 of the treated have both


def test_one_dummy_takes_the_other_policy_for_its_own():
    panel, _ = world(1, 0.0)
    assert twfe(panel).value == pytest.approx(OWN + 0.7 * TOGETHER + 0.5 * OTHER)


def test_with_no_policy_beside_it_is_two_way_fixed_effects():
    panel, _ = world(2, 0.1)
    one, other = factorial(panel, []), twfe(panel)
    assert (one.value, one.se) == pytest.approx((other.value, other.se))


def test_its_intervals_cover():
    hits = 0
    for seed in range(200):
        panel, beside = world(seed, 0.2)
        hits += factorial(panel, [beside]).covers(OWN + 0.7 * TOGETHER)
    assert 0.90 <= hits / 200 <= 0.99  # 99 % of binomial(200, 0.95) lies within


def test_it_refuses_where_the_two_always_come_together():
    panel, _ = world(3, 0.1)
    assert isinstance(factorial(panel, [panel.start]), Refusal)
