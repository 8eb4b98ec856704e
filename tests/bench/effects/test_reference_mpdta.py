"""P4: the published figures of Callaway and Sant'Anna's minimum-wage example (never treated, no covariates)."""

import numpy as np
import pytest

from sfbench.bench.effects.aggregate import aggregate
from sfbench.bench.effects.att_gt import att_gt
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.twfe import twfe

from .shared import mpdta

PRINTED = {
    2004: {2004: -0.0105, 2005: -0.0704, 2006: -0.1373, 2007: -0.1008},
    2006: {2004: 0.0065, 2005: -0.0028, 2006: -0.0046, 2007: -0.0412},
    2007: {2004: 0.0305, 2005: -0.0027, 2006: -0.0311, 2007: -0.0261},
}


@pytest.fixture(scope="module")
def counties():
    return mpdta()


@pytest.fixture(scope="module")
def cells(counties):
    return att_gt(counties, control="never", base="varying")


def test_every_group_time_effect_is_the_printed_one(cells):
    found = {g: {} for g in PRINTED}
    for g, t, att in zip(cells.g, cells.t, cells.att, strict=True):
        found[g + 2003][t + 2003] = round(float(att), 4)
    assert found == PRINTED


def test_the_simple_effect_and_its_analytic_error(counties):
    simple = callaway_santanna(counties, control="never", kind="simple", small_sample=False)
    assert simple.value == pytest.approx(-0.039951, abs=5e-7)
    assert simple.se == pytest.approx(0.01203, abs=5e-6)


def test_the_event_study_the_groups_and_the_calendar(counties, cells):
    def figures(kind):
        found = aggregate(counties, cells, kind=kind, shares="estimated")
        return round(found.overall, 4), np.round(found.att, 4).tolist()

    assert figures("dynamic") == (-0.0772, [-0.0199, -0.0510, -0.1373, -0.1008])
    assert figures("group") == (-0.0310, [-0.0797, -0.0229, -0.0261])
    assert figures("calendar")[0] == -0.0417


def test_two_way_fixed_effects(counties):
    assert twfe(counties).value == pytest.approx(-0.036549, abs=5e-7)


def test_the_multiplier_bootstrap_agrees_with_the_analytic_error(counties):
    errors = [
        callaway_santanna(counties, control="never", bootstrap=kind, draws=4000, seed=1).se
        for kind in ("rademacher", "webb", "mammen")
    ]
    assert errors == pytest.approx([0.01203] * 3, rel=0.06)
