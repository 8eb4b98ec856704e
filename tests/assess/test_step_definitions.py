"""Steps worked out by hand where one column, one period or one group would not show a slip: table by table."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from sfbench.assess import Step, run
from sfbench.assess.bands import Band
from sfbench.assess.exclude import zero_base
from sfbench.assess.normalise.baseline import pro_rata, vertical
from sfbench.assess.normalise.order import above_below_mean, percentile, rank
from sfbench.assess.normalise.scale import (
    distance_to_best,
    distance_to_mean,
    distance_to_reference,
    share_of_total,
    z,
)
from sfbench.errors import SfbenchError

from .shared import context, indicator, method, panel

S, NAN = Step, np.nan
BOTH = np.array([1.0, -1.0])  # more is better of the first column, less of the second
X = np.array([[1.0, 100], [2, 50], [4, 450]])


@pytest.mark.parametrize(
    ("rule", "first", "second"),
    [
        (distance_to_best, [-0.75, -0.5, 0], [-1, 0, -8]),
        (distance_to_mean, [-4 / 7, -1 / 7, 5 / 7], [0.5, 0.75, -1.25]),
        (lambda x, c: share_of_total(x, c, points=1000.0), [1000 / 7, 2000 / 7, 4000 / 7], [500 / 3, 250 / 3, 750]),
        (lambda x, c: z(x, c, ddof=0), np.array([-4, -1, 5]) / 14**0.5, np.array([2, 3, -5]) / (38 / 3) ** 0.5),
    ],
)
def test_each_indicator_is_normalised_by_its_own_figures(rule, first, second):
    found = rule(X, context(X, sign=BOTH))
    assert found[:, 0] == pytest.approx(first)
    assert found[:, 1] == pytest.approx(second)


def test_a_distance_from_a_figure_below_nought_still_points_up():
    x = np.array([[-2.0], [-1]])
    assert distance_to_mean(x, context(x))[:, 0] == pytest.approx([-1 / 3, 1 / 3])
    assert distance_to_best(x, context(x))[:, 0].tolist() == [-1, 0]
    assert distance_to_reference(x, context(x), values={"i0": -4.0})[:, 0].tolist() == [0.5, 0.75]


def test_a_share_of_nothing_and_a_distance_from_nought_are_not_figures():
    nil = np.zeros((2, 1))
    assert np.isnan(share_of_total(nil, context(nil), points=1.0)).all()
    opposite = np.array([[-1.0], [1]])
    assert np.isnan(distance_to_mean(opposite, context(opposite))).all()
    assert share_of_total(X / 7, context(X), points=1.0)[:, 0] == pytest.approx([1 / 7, 2 / 7, 4 / 7])  # a sum of 1


def test_places_are_those_of_each_column_with_ties_at_their_mean():
    x = np.random.default_rng(3).integers(0, 5, (9, 4)).astype(float)
    sign = np.array([1.0, -1, 1, -1])
    expected = np.column_stack([rankdata(column) for column in (x * sign).T])
    np.testing.assert_array_equal(rank(x, context(x, sign=sign)), expected - 1)
    np.testing.assert_allclose(percentile(x, context(x, sign=sign)), (expected - 0.5) / 9)


def test_the_band_around_the_mean_holds_its_ends_and_needs_a_mean_above_nought():
    x = np.array([[3.0, 0.25, 1, -2], [4, 0.5, 2, 1], [5, 0.75, 6, 1]])
    found = above_below_mean(x, context(x, sign=np.array([1.0, 1, -1, 1])), p=0.25)
    assert found[:, :3].T.tolist() == [[0, 0, 0], [-1, 0, 1], [1, 1, -1]]
    assert np.isnan(found[:, 3]).all()


@pytest.mark.parametrize(
    ("cuts", "points"), [((1.0, 2.0), (0.0, 1.0)), ((2.0, 1.0), (0.0, 1.0, 2.0)), ((1.0, 1.0), (0.0, 1.0, 2.0))]
)
def test_categories_need_rising_cuts_and_one_point_more(cuts, points):
    step = S("categorical", {"of": "value", "cuts": cuts, "points": points})
    with pytest.raises(SfbenchError, match="categorical"):
        run(method(["i0"], normalise=step), panel([[1.0], [2]]))


# A bank's figures 10, 20, 60 and now 40, beside one that stands at 40: mean of three before 30, with the current 40
PAST = np.array([[[10.0], [20], [60]], [[40.0], [40], [40]]])
NOW = np.array([[40.0], [40]])
WIDE = ((-1e3, -1e3), (1e3, 1e3))  # a deviation is its own points


@pytest.mark.parametrize(
    ("periods", "past", "deviation", "expected"),
    [
        (3, "before", "difference", 10.0),
        (2, "before", "difference", 0.0),
        (1, "before", "difference", -20.0),
        (3, "with_current", "difference", 0.0),
        (4, "with_current", "difference", 7.5),
        (3, "before", "relative", 1 / 3),
        (1, "before", "relative", -1 / 3),
        (4, "before", "difference", NAN),
        (5, "with_current", "difference", NAN),
    ],
)
def test_the_vertical_baseline_is_the_mean_of_the_periods_that_are_named(periods, past, deviation, expected):
    own = context(NOW, history=PAST)
    found = vertical(NOW, own, periods=periods, past=past, deviation=deviation, points=WIDE)
    assert found[0, 0] == pytest.approx(expected, nan_ok=True)


def test_a_deviation_in_the_sixth_digit_is_one():
    """Only the rounding of a mean is none: points may be steep."""
    own = context(np.array([[100.0005]]), history=np.array([[[100.0]]]))
    found = vertical(np.array([[100.0005]]), own, periods=1, past="before", deviation="relative", points=WIDE)
    assert found[0, 0] == pytest.approx(5e-6, rel=1e-6)


def test_an_indicator_that_is_level_has_z_scores_of_nought_beside_any_other():
    """Seven times 0.1 has a mean a little below 0.1, and the other indicator is smaller than both."""
    x = np.column_stack([np.full(7, 0.1), np.arange(7) / 1000])
    assert z(x, context(x), ddof=1)[:, 0].tolist() == [0] * 7


def test_a_loss_that_shrinks_is_a_rise_against_its_own_past():
    own = context(np.array([[-1.0]]), history=np.array([[[-2.0]]]))
    found = vertical(np.array([[-1.0]]), own, periods=1, past="before", deviation="relative", points=WIDE)
    assert found[0, 0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("growth", "goal", "plan", "share"),
    [
        (0.05, 0.1, 0.05, 0.5),  # a plan that is met exactly is met
        (0.0, 0.0, 9.0, 1),
        (-0.1, 0.0, -0.2, 0),  # below a goal of nought nothing is in proportion
        (-0.1, 0.1, -0.2, 0),  # nor is a fall
        (0.05, NAN, 0.0, NAN),
        (0.2, 0.1, NAN, NAN),
    ],
)
def test_points_in_proportion_need_a_goal_above_nought_and_a_plan(growth, goal, plan, share):
    own = context(np.array([[growth]]), aside={"goal": np.array([goal]), "plan": np.array([plan])})
    found = pro_rata(np.array([[growth]]), own, points=8.0, reference="goal", plan="plan")
    assert found[0, 0] == pytest.approx(8 * share, nan_ok=True)


RULE = {"id": "x", "en": "x", "zh": "x", "indicator": "i1", "limit": 2.0}


@pytest.mark.parametrize(
    ("relation", "holds"),
    [("above", [0, 0, 1]), ("at_least", [0, 1, 1]), ("at_most", [1, 1, 0]), ("below", [1, 0, 0])],
)
def test_a_condition_is_what_its_relation_says_at_the_limit_too(relation, holds):
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    item = S("when", RULE | {"relation": relation, "periods": 1, "points": 1.0})
    found = run(method(indicators, adjust=(item,)), panel([[0.0, 1], [0, 2], [0, 3], [0, NAN]], list(indicators)))
    assert found.score.tolist() == [*holds, 0]


def test_a_condition_of_more_periods_than_the_panel_has_is_not_met():
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    item = S("when", RULE | {"relation": "above", "periods": 3, "points": 1.0})
    found = run(method(indicators, adjust=(item,)), panel(np.full((1, 2, 2), 5.0), list(indicators)))
    assert found.score.tolist() == [5]
    assert [note.step for note in found.notes] == ["adjust"]


def test_how_many_units_a_rule_could_not_judge_is_said_of_each_rule():
    """Two lack the latest figure, one the one before: the first rule looks at both, the second at the latest."""
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    items = (
        S("when", RULE | {"id": "twice", "relation": "above", "periods": 2, "points": 1.0}),
        S("add", {"id": "own", "en": "its own", "zh": "x", "indicator": "i1", "factor": 0.5, "at_most": 1.0}),
        S("add", {"id": "known", "en": "x", "zh": "x", "indicator": "i0", "factor": 1.0, "at_most": 1.0}),
    )
    x = np.zeros((5, 2, 2))
    x[:, :, 1] = [[3, 3], [NAN, 3], [3, NAN], [-9, -9], [NAN, NAN]]
    found = run(method(indicators, adjust=items), panel(x, list(indicators)))
    assert found.score.tolist() == [1 + 1, 1, 0, -1, 0]
    assert [note.en.partition(" ")[0] for note in found.notes if note.step == "adjust"] == ["3", "2"]
    assert [(item.id, item.en) for item in found.adjustments[:2]] == [("twice", "x"), ("own", "its own")]


def bands(*limits):
    return tuple(Band(str(n), str(n), str(n), float(limit)) for n, limit in enumerate(limits))


@pytest.mark.parametrize(
    "step",
    [
        S("cutoffs", {"bands": bands(60, 80), "end": None}),
        S("cutoffs", {"bands": bands(80, 80), "end": None}),
        S("cutoffs", {"bands": bands(80, 40, 60), "end": None}),
        S("quantiles", {"bands": bands(0.5, 0.6)}),
        S("quantiles", {"bands": bands(0.5, 0.4)}),
        S("quantiles", {"bands": bands(0.5, 0, 0.5)}),
        S("quantiles", {"bands": bands(1.5, -0.5)}),
    ],
    ids=str,
)
def test_bands_that_are_none_are_refused(step):
    with pytest.raises(SfbenchError, match="bands"):
        run(method(["i0"], bands=step), panel([[1.0], [2]]))


@pytest.mark.parametrize(
    ("units", "shares", "sizes"),
    [
        (4, (0.5, 0.5), [2, 2]),
        (10, (0.1, 0.2, 0.7), [1, 2, 7]),
        (3, (0.5, 0.5), [2, 1]),
        (10, (0.7, 0.2, 0.1), [7, 2, 1]),
    ],
)
def test_a_band_by_share_holds_whoever_stands_before_its_end(units, shares, sizes):
    """0.1 + 0.2 is a little above 0.3, 0.7 + 0.2 + 0.1 a little below 1: no bank moves by that."""
    found = run(method(["i0"], bands=S("quantiles", {"bands": bands(*shares)})), panel(np.arange(units)[:, None]))
    assert np.bincount(found.band).tolist() == sizes


def test_bands_of_scores_below_one_may_be_close():
    found = run(
        method(["i0"], bands=S("cutoffs", {"bands": bands(0.8, 0.6), "end": None})), panel([[0.7], [0.9], [0.5]])
    )
    assert found.band.tolist() == [1, 0, -1]


def test_growth_needs_a_base_above_nought_of_every_indicator_that_is_named_as_it_was_reported():
    """The figure `lag` periods ago, not the period's own and not after the period rule."""
    first = [[0.5, 0.5], [-1, 5], [5, 0], [5, NAN]]
    below, nil, plenty = (np.full((4, 2), figure) for figure in (-1.0, 0.0, 9.0))
    x = np.stack([below, nil, np.array(first), plenty, plenty], axis=1)
    ruling = zero_base(panel(x), np.full(x.shape, NAN), indicators=("i0", "i1"), lag=2)[0]
    assert ruling.tolist() == [False, True, True, True]
    assert zero_base(panel(x), x, indicators=("i0",), lag=2)[0].tolist() == [False, True, False, False]
    assert zero_base(panel(x), x, indicators=("i0",), lag=3)[0].all()
    assert zero_base(panel(x), x, indicators=("i0",), lag=4)[0].all()
    assert zero_base(panel(x), x, indicators=("i0",), lag=5)[0].all()  # before the panel begins nothing is known


def test_bounds_of_groups_that_are_assessed_apart_are_ranks_within_the_group():
    x = panel([[3.0], [1], [NAN], [5], [9]], groups=["a", "a", "a", "b", "b"])
    apart, together = (run(method(["i0"], missing=S("bounds"), peers=S(kind)), x) for kind in ("apart", "together"))
    assert (apart.interval.best_rank.tolist(), apart.interval.worst_rank.tolist()) == ([1, 2, 1, 2, 1], [1, 3, 2, 2, 1])
    assert together.interval.best_rank.tolist() == [3, 4, 1, 2, 1]
    assert together.interval.worst_rank.tolist() == [4, 5, 4, 3, 1]


def test_the_lowest_score_is_never_above_the_highest():
    """What helps the bank that withholds a figure lowers the z scores of the others."""
    x = panel([[1.0], [2], [6], [NAN]])
    found = run(method(["i0"], missing=S("bounds"), normalise=S("z", {"ddof": 1})), x).interval
    assert (found.low < found.high).all()


def test_bounds_whose_two_ends_assess_other_units_are_refused():
    """Against a mean of nought nothing is relative: with the worst figure only the bank at the mean has points."""
    step = S("horizontal", {"deviation": "relative", "points": WIDE})
    with pytest.raises(SfbenchError, match="do not assess the same units"):
        run(method(["i0"], missing=S("bounds"), normalise=step), panel([[0.0], [-1], [2], [NAN]]))
