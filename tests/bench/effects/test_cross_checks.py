"""The estimators agree with diff-diff and pysyncon where both do the same thing."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from sfbench.bench.effects.bacon import bacon
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.honest_did import honest_did
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.sun_abraham import event_study, sun_abraham
from sfbench.bench.effects.triple_difference import triple_difference
from sfbench.bench.effects.twfe import twfe

from .shared import toy

diff_diff = pytest.importorskip("diff_diff", reason="cross-check against diff-diff (extra `test`)")


@pytest.fixture(scope="module")
def panel():
    return toy(5, starts=(4, 6, 7, NEVER), each=9, growth=0.1)


@pytest.fixture(scope="module")
def frame(panel):
    """The panel as rows; 0 for never."""
    unit, t = np.indices(panel.y.shape)
    first = np.where(panel.start == NEVER, 0, panel.start)[unit]
    columns = {"unit": unit, "t": t, "y": panel.y, "first": first, "treated": panel.treated.astype(int)}
    return pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})


def fit(estimator, frame, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator.fit(frame, outcome="y", unit="unit", time="t", first_treat="first", **more)


@pytest.mark.parametrize(("ours", "theirs"), [("never", "never_treated"), ("not_yet", "not_yet_treated")])
def test_callaway_santanna(panel, frame, ours, theirs):
    other = fit(diff_diff.CallawaySantAnna(control_group=theirs, cluster="unit"), frame)
    own = callaway_santanna(panel, control=ours, small_sample=False)
    assert own.value == pytest.approx(other.overall_att, abs=1e-9)
    assert own.se == pytest.approx(other.overall_se, rel=0.03)  # theirs has a small-sample factor


def test_imputation(panel, frame):
    other = fit(diff_diff.ImputationDiD(cluster="unit"), frame)
    own = imputation(panel, small_sample=False)
    assert own.value == pytest.approx(other.overall_att, abs=1e-9)
    assert own.se == pytest.approx(other.overall_se, rel=0.03)


def test_sun_abraham(panel, frame):
    other = fit(diff_diff.SunAbraham(cluster="unit"), frame)
    own = event_study(panel)
    theirs = {age: cell["effect"] for age, cell in other.event_study_effects.items()}
    assert {int(k): v for k, v in zip(own.key, own.att, strict=True) if k in theirs} == pytest.approx(theirs, abs=1e-8)
    assert sun_abraham(panel).value == pytest.approx(other.overall_att, abs=1e-8)


def test_two_way_fixed_effects_and_their_decomposition(panel, frame):
    other = fit(diff_diff.BaconDecomposition(), frame)
    assert twfe(panel).value == pytest.approx(other.twfe_estimate, abs=1e-9)
    components = bacon(panel)
    assert sum(c.estimate * c.weight for c in components) == pytest.approx(other.twfe_estimate, abs=1e-9)
    assert len(components) == len(other.comparisons)


def test_triple_difference(panel, frame):
    """Every second unit is eligible; one cell at a time, as the libraries pool cells differently."""
    eligible = np.arange(panel.units) % 2 == 0
    frame = frame.assign(eligible=eligible[frame["unit"]].astype(int))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = diff_diff.TripleDifference(control_group="never_treated", estimation_method="reg").fit(
            frame, outcome="y", partition="eligible", unit="unit", time="t", first_treat="first", aggregate="simple"
        )
    assert triple_difference(panel, eligible=eligible).value == pytest.approx(other.overall_att, abs=1e-9)


@pytest.mark.parametrize(("restriction", "m"), [("relative_magnitude", 1.0), ("smoothness", 1.5)])
def test_honest_bounds(restriction, m):
    one = toy(8, starts=(6, NEVER), each=20)
    unit, t = np.indices(one.y.shape)
    columns = {"unit": unit, "t": t, "y": one.y, "first": np.where(one.start == NEVER, 0, one.start)[unit]}
    frame = pd.DataFrame({name: np.ravel(values) for name, values in columns.items()})
    study = fit(diff_diff.CallawaySantAnna(base_period="universal"), frame, aggregate="event_study")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = diff_diff.HonestDiD(method=restriction, M=m).fit(study)
    found = honest_did(one, m=m, restriction=restriction, over="mean", small_sample=False)
    low, high = (float(word) for word in found.notes[0].removeprefix("bounds without sampling error: ").split(" to "))
    assert (low, high) == pytest.approx((other.lb, other.ub), abs=1e-5)
    assert found.low <= other.ci_lb + 0.02 and found.high >= other.ci_ub - 0.02  # ours are the wider intervals
