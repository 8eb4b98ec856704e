"""Intervals, shifts and scattered weights worked out from their definitions; the year before, by kind of period."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.apply import apply
from sfbench.assess.bands import Band
from sfbench.assess.data import Data
from sfbench.assess.pipelines import Pipelines, factors_of, rank_shift
from sfbench.assess.ranks import ranks, ties
from sfbench.assess.sensitivity import leave_one_out, rank_shift_indices
from sfbench.assess.spread import factors, scattered
from sfbench.assess.uncertainty import monte_carlo
from sfbench.errors import SfbenchError

from .shared import indicator, method, panel

S, NAN = Step, np.nan


def test_an_interval_runs_from_the_5th_to_the_95th_percentile_of_the_ranks_that_were_drawn():
    """Of 40 replicates the second and the 38th: the least rank that 5 and 95 % of them do not exceed."""
    x = panel(np.random.default_rng(2).uniform(1, 9, (9, 3)))
    own = method(x.indicators, normalise=S("min_max"), weight_spread=0.9)
    found = monte_carlo(own, x, replicates=40, seed=3)
    every = []
    for weights in found.weights:
        values = dict(zip(own.scored, weights.tolist(), strict=True))
        every.append(run(own.with_step("weights", S("given", {"values": values})), x).rank)
    ordered = np.sort(every, axis=0)
    for place, name in ((0, "best"), (1, "low"), (19, "median"), (37, "high"), (39, "worst")):
        assert getattr(found, name).tolist() == ordered[place].tolist()
    assert (found.low > found.best).any() and (found.high < found.worst).any()


def test_a_replicate_that_could_not_be_realised_assesses_nobody_and_is_not_the_smallest_field():
    x = panel(np.random.default_rng(2).uniform(1, 9, (6, 2)))
    others = {"normalise": (S("z", {"ddof": 1}),), "aggregate": (S("geometric", {"floor": 0.0}),)}
    found = monte_carlo(method(x.indicators, alternatives=others), x, replicates=60, seed=1)
    assert np.isnan(found.shift).any() and found.field == (6, 6) and (found.assessed == 1).all()
    single = (monte_carlo(method(x.indicators, alternatives=others), x, replicates=1, seed=n) for n in range(99))
    none = next(found for found in single if np.isnan(found.shift).all())
    assert (none.field, none.pipelines, len(none.failed)) == ((0, 0), 0, 1)
    assert np.isnan(none.median).all() and (none.assessed == 0).all()


def test_the_same_seed_gives_the_same_indices_and_alternatives_without_effect_give_none():
    x = panel(np.random.default_rng(5).uniform(1, 9, (8, 3)))
    others = {"normalise": (S("rank"), S("min_max")), "aggregate": (S("geometric", {"floor": 0.01}),)}
    own = method(x.indicators, alternatives=others)
    first, again, other = (rank_shift_indices(own, x, n=64, seed=seed) for seed in (1, 1, 2))
    assert (first.first == again.first).all() and (first.total_error == again.total_error).all()
    assert (first.first != other.first).any()
    with pytest.raises(SfbenchError, match="no alternative has an effect"):
        rank_shift_indices(method(x.indicators, alternatives={"missing": (S("median"),)}), x, n=64, seed=1)


def test_a_pipeline_that_is_drawn_twice_is_assessed_once_and_the_methods_own_does_not_shift(monkeypatch):
    x = panel(np.random.default_rng(5).uniform(1, 9, (8, 3)))
    others = {"normalise": (S("rank"),), "aggregate": (S("geometric", {"floor": 0.01}),)}
    made = []
    monkeypatch.setattr("sfbench.assess.pipelines.run", lambda own, data: made.append(own) or run(own, data))
    own = method(x.indicators, normalise=S("min_max"), alternatives=others)
    pipelines = Pipelines(own, x, factors_of(own))
    shifts = {choice: pipelines.shift(choice) for choice in ((0, 0), (1, 0), (1, 1), (1, 0))}
    assert len(made) == 3
    assert shifts[0, 0] == 0 and shifts[1, 1] > 0
    expected = run(own.with_step("normalise", S("rank")), x).rank - run(own, x).rank
    assert shifts[1, 0] == np.abs(expected).mean()


def test_a_shift_of_ranks_is_over_the_units_that_both_rankings_have():
    assert rank_shift(np.array([1.0, 2, NAN, 5]), np.array([4.0, 1, 3, NAN])) == 2
    assert np.isnan(rank_shift(np.array([1.0, NAN]), np.array([NAN, 1.0])))


def test_scores_of_any_size_rank_by_their_twelve_leading_digits():
    large = np.array([1e9 + 1e-4, 1e9, 1e9 + 1, -1e9])
    assert ranks(large).tolist() == [2, 2, 1, 4]
    assert ranks(large / 1e15).tolist() == [2, 2, 1, 4]
    assert ranks(np.zeros(2)).tolist() == [1, 1]
    assert ranks(np.array([-3.0, -1, -2])).tolist() == [3, 1, 2]
    assert ranks(-np.array([0.1 + 0.2, 0.3])).tolist() == [1, 1]
    floor = S("cutoffs", {"bands": (Band("a", "a", "a", -0.3),), "end": None})
    assert run(method(["i0"], bands=floor), panel([[-(0.1 + 0.2)], [-0.31]])).band.tolist() == [0, -1]


def test_equal_ranks_of_two_groups_are_no_tie():
    rank, groups = np.array([2, 1, 1, 1, 2]), np.array([0, 0, 1, 0, 1])
    assert ties(rank, groups, tuple("abcde")) == (("b", "d"),)


def test_weights_are_scattered_evenly_to_both_sides():
    own = method(["a", "b", "c"], weight_spread=0.4)
    found = factors(own, 4000, 7)
    assert found.shape == (4000, 3)
    assert 0.6 <= found.min() < 0.605 and 1.395 < found.max() <= 1.4
    assert found.mean() == pytest.approx(1, abs=0.01)
    assert found.std() == pytest.approx(0.4 / 3**0.5, abs=0.01)  # of a uniform draw
    assert (factors(own, 5, 7) == found[:5]).all() and (factors(own, 5, 8) != found[:5]).all()


def test_the_weights_of_indicators_with_figures_are_scattered_and_sum_to_one_again():
    """0.5 and 0.25 without c are 2/3 and 1/3; times 0.5 and 1.5 they are level."""
    given = S("given", {"values": {"a": 0.5, "b": 0.25, "c": 0.25}})
    own = method(["a", "c", "b"], weights=given, empty=S("leave_out"), weight_spread=0.5)
    made = run(own, panel([[1.0, NAN, 2], [3, NAN, 4]], ["a", "c", "b"]))
    other, weights = scattered(own, made, np.array([0.75, 9.0, 1.5]))
    assert weights == pytest.approx([0.5, NAN, 0.5], nan_ok=True)
    assert other.weights.options["values"] == pytest.approx({"a": 0.5, "b": 0.5})


def test_the_bank_that_moves_most_is_named_with_the_places_that_it_moves():
    """Points a + b + c are 12, 12, 12, 18, 14, without c 9, 11, 10, 9, 9: the second goes from third to first."""
    x = panel([[1.0, 8, 3], [2, 9, 1], [9, 1, 2], [5, 4, 9], [7, 2, 5]], ["a", "b", "c"])
    last = leave_one_out(method(x.indicators), x)[2]
    assert (last.unit, last.largest, last.shift) == ("U1", -2, 6 / 5)


def test_a_bank_that_only_one_of_two_rankings_has_does_not_move():
    """Without b the last is assessed, too, and first: the others fall by one place each."""
    x = panel([[3.0, 1], [2, 9], [1, 2], [9, NAN]], ["a", "b"])
    without_a, without_b = leave_one_out(method(x.indicators), x)
    assert without_a.shift == pytest.approx(2 / 3)  # 2, 1, 3 become 3, 1, 2
    assert (without_b.unit, without_b.largest, without_b.shift) == ("U1", 2, 1)  # 2, 1, 3 become 2, 3, 4


def test_a_single_indicator_is_not_left_out():
    assert leave_one_out(method(["i0"]), panel([[1.0], [2]])) == ()


def data(values) -> Data:
    x = panel(np.asarray(values, float)[None, :, None].repeat(2, 0) * [[[1.0]], [[2]]])
    return Data(panel=x, zh={}, en={}, missing={}, unit={})


@pytest.mark.parametrize(("period", "back"), [("month", 12), ("quarter", 4), ("year", 1)])
def test_the_year_before_is_twelve_months_four_quarters_or_a_year_back(period, back):
    own = method({"i0": indicator()}, period=period)
    found = apply(own, data(range(1, 15)))
    assert found.before.period == f"P{13 - back}" and found.now.period == "P13"
    assert found.before.score.tolist() == [14 - back, 2 * (14 - back)]
    assert found.no_before == ""
    short = apply(own, data(range(1, back + 1)))
    assert short.before is None and short.no_before
    assert apply(own, data(range(1, back + 2))).before is not None
    empty = apply(own, data([NAN, *range(back)]))
    assert empty.before is None and empty.no_before == short.no_before


def test_a_year_before_of_which_one_bank_has_figures_is_assessed():
    x = np.array([[[NAN], [1.0]], [[3.0], [2.0]]])
    found = apply(method({"i0": indicator()}, period="year"), Data(panel=panel(x), zh={}, en={}, missing={}, unit={}))
    assert found.before.units == ("U1",)
