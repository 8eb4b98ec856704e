"""Triple difference: a shock to the treated places that hits eligible and ineligible alike drops out."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.estimate import Refusal
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.triple_difference import triple_difference

from .shared import panel, toy, within_band


def two_arms(seed, effect=0.5, shock=0.3, places=30):
    """Each place has an eligible and an ineligible unit; places that treat grow by `shock` a period more."""
    own = toy(seed, starts=(4, 7, NEVER), each=places // 3, effect=effect, noise=0.4)
    other = toy(seed + 10_000, starts=(4, 7, NEVER), each=places // 3, effect=0.0, noise=0.4)
    trend = shock * (own.start != NEVER)[:, None] * np.arange(own.periods)
    y = np.vstack([own.y + trend, other.y + trend])
    cluster = np.tile(np.arange(places), 2)
    return panel(y, np.tile(own.start, 2), cluster=cluster), np.arange(2 * places) < places


def test_it_removes_what_places_have_in_common_and_a_double_difference_does_not():
    runs, hits, values, double = 200, 0, [], []
    for seed in range(runs):
        city, eligible = two_arms(seed)
        found = triple_difference(city, eligible=eligible)
        hits += found.covers(0.5)
        values.append(found.value)
        double.append(callaway_santanna(city.take(eligible), control="never").value)
    assert np.mean(values) == pytest.approx(0.5, abs=3 * np.std(values) / np.sqrt(runs))
    assert np.mean(double) > 1.0
    assert within_band(hits, runs, 0.95)


def test_it_is_the_difference_of_two_differences_on_each_cell():
    city, eligible = two_arms(3)
    own, other = (callaway_santanna(city.take(arm), control="never").value for arm in (eligible, ~eligible))
    assert triple_difference(city, eligible=eligible).value == pytest.approx(own - other, abs=1e-12)


def test_the_order_of_units_does_not_matter():
    city, eligible = two_arms(3)
    order = np.random.default_rng(1).permutation(city.units)
    found, other = (
        triple_difference(c, eligible=e) for c, e in ((city, eligible), (city.take(order), eligible[order]))
    )
    assert (other.value, other.se) == pytest.approx((found.value, found.se), abs=1e-12)


def test_cohorts_without_ineligible_units_are_left_out_and_named():
    city, eligible = two_arms(3)
    keep = eligible | (city.start != 7)
    found = triple_difference(city.take(keep), eligible=eligible[keep])
    assert any("(7, 7)" in note for note in found.notes)
    refused = triple_difference(city.take(keep), eligible=eligible[keep], unidentified="refuse")
    assert isinstance(refused, Refusal) and "(7, 7)" in refused.en
    assert isinstance(triple_difference(city, eligible=np.ones(60, bool)), Refusal)
