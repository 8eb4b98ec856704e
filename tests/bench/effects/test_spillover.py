"""S5: treated districts gain .10, their neighbours lose .06; far districts are the controls."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.estimate import NO_CONTROL, Refusal
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.spillover import NO_NET, spillover

from .shared import panel, toy, within_band


def displaced(seed, near=20):
    """20 treated from period 5, `near` neighbours, 20 far."""
    calm = toy(seed, starts=(NEVER,), each=40 + near, noise=0.05)
    start = np.repeat([5, NEVER], [20, 20 + near])
    reached = np.repeat([NEVER, 5, NEVER], [20, near, 20])
    after = np.arange(10) >= 5
    moved = 0.10 * (start == 5)[:, None] * after - 0.06 * (reached == 5)[:, None] * after
    return panel(calm.y + moved, start), reached


def test_far_controls_give_direct_near_and_net_effects():
    runs = 200
    found = [spillover(city, reached=reached) for city, reached in map(displaced, range(runs))]
    for name, truth in (("direct", 0.10), ("near", -0.06), ("net", 0.04)):
        parts = [getattr(one, name) for one in found]
        values = np.array([e.value for e in parts])
        assert values.mean() == pytest.approx(truth, abs=3 * values.std() / np.sqrt(runs))
        assert within_band(sum(e.covers(truth) for e in parts), runs, 0.95)


def test_all_controls_overstate_the_effect():
    values = [callaway_santanna(displaced(seed)[0]).value for seed in range(20)]
    assert np.mean(values) == pytest.approx(0.13, abs=0.01)


def test_the_net_effect_counts_every_neighbour():
    city, reached = displaced(1, near=40)
    found = spillover(city, reached=reached)
    assert found.net.value == pytest.approx(found.direct.value + 2 * found.near.value, abs=1e-12)


def test_without_far_districts_nothing_is_identified():
    city, reached = displaced(1)
    found = spillover(city.take(np.arange(40)), reached=reached[:40])
    assert found.direct == found.near == found.net == NO_CONTROL
    none = spillover(city, reached=np.full(60, NEVER))
    assert isinstance(none.near, Refusal) and none.net == NO_NET
