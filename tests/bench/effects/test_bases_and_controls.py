"""Where one base quarter, or never-treated controls, are right and a mean of all quarters, or later areas, are not."""

from dataclasses import replace

import numpy as np
import pytest

from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.run import run
from sfbench.bench.score import scores
from sfbench.content import scenario

from .shared import toy

EFFECT = 0.5


def errors(panel):
    methods = (callaway_santanna, sun_abraham, imputation, twfe)
    return [method(panel).value - EFFECT for method in methods]


def gained(panel, start, before):
    """The panel in which the areas of one start have gained 1 from so many periods before it on."""
    late = np.arange(panel.periods) >= start - before
    return replace(panel, y=panel.y + (panel.start[:, None] == start) * late)


def test_a_gain_before_the_start_misleads_who_takes_all_quarters_before_it_for_the_base():
    group_time, interacted, *others = errors(gained(toy(1, noise=0.0), 4, before=2))
    assert (group_time, interacted) == pytest.approx((0, 0))
    assert min(others) > 0.1


def test_a_gain_of_those_whose_turn_comes_later_misleads_who_takes_them_for_controls():
    group_time, interacted, *others = errors(gained(toy(1, noise=0.0, starts=(2, 8, NEVER)), 8, before=3))
    assert interacted == pytest.approx(0)
    assert min(np.abs([group_time, *others])) > 0.05


RIVALS = ("group_time_not_yet", "sun_abraham", "imputation", "two_way_fixed_effects", "post_gap")


@pytest.mark.parametrize(
    ("variant", "best"), [("grew_before", "group_time_not_yet"), ("late_areas_grow", "sun_abraham")]
)
def test_so_it_is_in_a_city(variant, best, tmp_path):
    """Four seeds; the figures of twenty and of thirty others stand in docs/how-to/bench.md."""
    one = scenario("s02_staggered_growing")
    answers = run(one, variants=(variant,), methods=RIVALS, seeds=(1, 2, 3, 4), out=tmp_path)
    rmse = {score.method: score.figures["rmse"][0] for score in scores(answers)}
    assert min(rmse, key=rmse.__getitem__) == best
