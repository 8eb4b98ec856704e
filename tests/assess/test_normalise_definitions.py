"""Normalisations worked out by hand where one column or one period would not show a slip: table by table."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from sfbench.assess import Step, run
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

from .shared import context, method, panel

S, NAN = Step, np.nan
BOTH = np.array([1.0, -1.0])  # more is better of the first column, less of the second
X = np.array([[1.0, 100], [2, 50], [4, 450]])


def test_of_a_sum_that_is_not_above_nought_there_is_no_share():
    """Losses of 1 and of 3 are a quarter and three quarters of the sum: the greater loss had the greater share."""
    x = np.array([[-1.0, -1, 1], [-3, 1, 3]])
    np.testing.assert_array_equal(share_of_total(x, context(x), points=1000.0), [[NAN, NAN, 250], [NAN, NAN, 750]])


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
