"""What is not identified is refused, in both languages, and never answered with a number."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sfbench.bench.effects.bacon import bacon
from sfbench.bench.effects.before_after import before_after
from sfbench.bench.effects.callaway_santanna import callaway_santanna, cell
from sfbench.bench.effects.donald_lang import donald_lang
from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, ONE_CLUSTER, ONE_TREATED, STAGGERED, Refusal
from sfbench.bench.effects.growth_threshold import growth_threshold
from sfbench.bench.effects.honest_did import honest_did
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER, Panel
from sfbench.bench.effects.post_gap import post_gap
from sfbench.bench.effects.randomisation import randomisation
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.synthetic_control import synthetic_control
from sfbench.bench.effects.synthetic_did import synthetic_did
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.effects.wild_bootstrap import wild_bootstrap
from sfbench.errors import SfbenchError

from .shared import panel, toy

ROBUST = [callaway_santanna, imputation, sun_abraham]
ALL = [*ROBUST, before_after, post_gap, twfe, donald_lang, randomisation, synthetic_control, synthetic_did]
ALL += [wild_bootstrap, bacon]


@pytest.mark.parametrize("method", ALL)
def test_without_a_treated_unit(method):
    assert method(toy(1, starts=(NEVER,))) == NO_TREATED


def test_without_a_treated_unit_the_methods_with_a_required_choice_refuse_too():
    assert honest_did(toy(1, starts=(NEVER,)), m=1.0) == NO_TREATED
    assert growth_threshold(toy(1, starts=(NEVER,)), threshold=0, lag=4) == NO_TREATED


@pytest.mark.parametrize("method", [*ROBUST, donald_lang, synthetic_control, synthetic_did])
def test_all_treated_on_one_date(method):
    assert method(toy(1, starts=(5,))) == NO_CONTROL


@pytest.mark.parametrize("method", [*ROBUST, before_after, randomisation])
def test_all_treated_from_the_start(method):
    assert method(toy(1, starts=(0, NEVER))) == NO_BASE


@pytest.mark.parametrize("method", [donald_lang, synthetic_control])
def test_several_dates_for_a_method_of_one(method):
    assert method(toy(1)) == STAGGERED


@pytest.mark.parametrize("method", ROBUST)
def test_one_treated_cluster_has_no_error_of_its_own(method):
    one = toy(1, starts=(5,) + (NEVER,) * 9, each=1)
    assert method(one) == ONE_TREATED
    assert not isinstance(method(toy(1, starts=(5, 5) + (NEVER,) * 8, each=1)), Refusal)


def test_a_cell_of_a_cohort_of_one_cluster_is_refused():
    two = toy(1, starts=(5, 7, 7) + (NEVER,) * 8, each=1)
    assert cell(two, 5, 6) == ONE_TREATED
    assert not isinstance(cell(two, 7, 8), Refusal)


def test_one_cluster_has_no_error():
    single = replace(toy(1), cluster=np.zeros(36, np.int64))
    assert twfe(single) == before_after(single) == ONE_CLUSTER


class TestNoNeverTreated:
    """S3: all districts are treated by the end; the last cohort serves as control until its own date."""

    late = staticmethod(lambda: toy(1, starts=(3, 5, 7), noise=0.1, growth=0.2))

    def test_cells_with_a_control_are_answered(self):
        assert cell(self.late(), 3, 6).covers(0.5 + 0.2 * 3)
        assert cell(self.late(), 5, 6).covers(0.5 + 0.2)

    @pytest.mark.parametrize(("g", "t"), [(3, 7), (3, 9), (5, 8), (7, 7)])
    def test_cells_without_one_are_refused(self, g, t):
        assert cell(self.late(), g, t) == NO_CONTROL

    @pytest.mark.parametrize("method", [callaway_santanna, imputation])
    def test_the_whole_is_refused_or_its_limits_are_named(self, method):
        assert isinstance(method(self.late(), unidentified="refuse"), Refusal)
        found = method(self.late(), unidentified="drop")
        ages = np.array([0, 1, 2, 3, 0, 1])  # of the cells (3, 3..6) and (5, 5..6), cohorts alike
        assert found.covers(0.5 + 0.2 * ages.mean())
        assert any("not" in note or "without" in note for note in found.notes)

    def test_with_never_treated_controls_alone_there_is_no_answer(self):
        assert callaway_santanna(self.late(), control="never") == NO_CONTROL


def test_a_cohort_of_one_cluster_is_named():
    lone = toy(1, starts=(3, 5, NEVER, NEVER, NEVER), each=1)
    assert any("one cluster each" in note for note in callaway_santanna(lone).notes)
    assert any("one cluster" in note for note in imputation(lone).notes)


def test_a_refusal_speaks_both_languages():
    assert NO_CONTROL.reason("en").startswith("no unit")
    assert "没有" in NO_CONTROL.reason("zh")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"y": np.full((3, 4), np.nan)}, "Panel.y"),
        ({"y": np.zeros(3)}, "Panel.y"),
        ({"start": np.array([1, 2])}, "Panel.start"),
        ({"start": np.array([1, 2, -1])}, "Panel.start"),
        ({"cluster": np.array([1])}, "Panel.cluster"),
        ({"weight": np.array([1.0, 0.0, 1.0])}, "Panel.weight"),
        ({"anticipation": -1}, "Panel.anticipation"),
    ],
)
def test_a_panel_that_is_none_says_where(change, where):
    good = {"y": np.zeros((3, 4)), "start": np.array([1, 2, NEVER]), "cluster": np.arange(3)}
    with pytest.raises(SfbenchError) as error:
        Panel(**{**good, **change})
    assert error.value.where == where


def test_a_unit_within_reach_of_anticipation_is_neither_clean_nor_never_treated():
    city = panel(np.zeros((3, 6)), [3, 6, NEVER], anticipation=1)
    assert city.clean.sum(axis=1).tolist() == [2, 5, 6]
    assert city.never.tolist() == [False, False, True]
    assert city.cohorts == [3]
