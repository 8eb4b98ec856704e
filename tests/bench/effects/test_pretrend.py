"""The trend before treatment: found where it is, size where it is not, low power with few units (S7)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sfbench.bench.effects.estimate import NO_BASE, Refusal
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.pretrend import pretrend

from .shared import panel, toy, within_band


def apart(seed, slope, **more):
    city = toy(seed, **more)
    return panel(city.y + slope * (city.start != NEVER)[:, None] * np.arange(city.periods), city.start)


def test_a_difference_in_growth_is_measured_in_the_unit_of_the_outcome():
    found, calm = (pretrend(apart(1, slope), control="never").value for slope in (0.3, 0.0))
    assert found - calm == pytest.approx(0.3, abs=1e-12)


def test_parallel_trends_are_rejected_as_often_as_the_level_says():
    assert within_band(sum(pretrend(toy(seed)).claims for seed in range(200)), 200, 0.05)


def test_with_few_units_a_trend_that_biases_the_effect_passes_more_often_than_not():
    few = {"starts": (5, NEVER), "each": 6}
    assert sum(pretrend(apart(seed, 0.15, **few)).claims for seed in range(100)) < 50


def test_periods_of_anticipation_are_no_part_of_it():
    city = toy(3, lead=-5.0, noise=0.1)
    assert pretrend(city).claims
    assert not pretrend(replace(city, anticipation=1)).claims


def test_without_two_periods_before_there_is_nothing_to_test():
    assert pretrend(toy(1, starts=(1, NEVER))) == NO_BASE
    assert isinstance(pretrend(toy(1, starts=(5,) + (NEVER,) * 9, each=1)), Refusal)
