"""Every column of units, of a period and an indicator, is treated on its own, whatever is missing beside it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kurtosis, skew

from sfbench.assess import Step, run
from sfbench.assess.exclude import minimum_periods
from sfbench.assess.missing import best_observed, last_observed, mean, median, worst_observed
from sfbench.assess.outliers import log10, skew_kurtosis, winsorise_count, winsorise_sd
from sfbench.assess.periods import growth, market_share, total
from sfbench.errors import SfbenchError

from .shared import context, method, panel

S, NAN = Step, np.nan
NAMES = ("i0", "i1", "i2")


def with_gaps():
    """[unit, period, indicator] of 7 units; from one to seven of them have a figure."""
    x = np.random.default_rng(8).lognormal(size=(7, 3, 3)) * [1.0, 100, 1e-3]
    for period in range(3):
        for column in range(3):
            x[[5, 1, 6, 3, 0, 2][: (2 * period + column) % 7], period, column] = NAN
    return x


def columns(x):
    """(place, its figures) of every column."""
    for place in np.ndindex(x.shape[1:]):
        own = x[(slice(None), *place)]
        yield place, own[np.isfinite(own)]


@pytest.mark.parametrize(
    ("rule", "fill"), [(mean, np.mean), (median, np.median), (worst_observed, np.min), (best_observed, np.max)]
)
def test_a_gap_gets_what_the_units_of_its_column_report(rule, fill):
    """One figure is its own mean and median."""
    x = with_gaps().reshape(7, 9)
    found = rule(x, context(x))
    for (place,), own in columns(x):
        gaps = np.isnan(x[:, place])
        assert found[gaps, place] == pytest.approx(fill(own))
        np.testing.assert_array_equal(found[~gaps, place], own)


def test_where_nobody_reports_nothing_is_filled():
    x = np.array([[1.0, NAN], [NAN, NAN]])
    for rule in (mean, median, worst_observed, best_observed):
        assert np.isnan(rule(x, context(x))[:, 1]).all()


def test_the_last_observed_figure_is_the_latest_of_those_within_reach():
    history = np.array([[[1.0, 5], [2, NAN], [NAN, NAN]], [[NAN, 6], [NAN, 7], [3, 8]]])
    now = np.full((2, 2), NAN)
    for periods, expected in ((1, [[NAN, NAN], [3, 8]]), (2, [[2, NAN], [3, 8]]), (9, [[2, 5], [3, 8]])):
        found = last_observed(now, context(now, history=history), periods=periods)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("k", [0.5, 1.5])
def test_ends_beyond_k_standard_deviations_of_the_column_are_pulled_in(k):
    x = with_gaps()
    found = winsorise_sd(x, NAMES, k=k)
    for (period, column), own in columns(x):
        sd = own.std(ddof=1) if len(own) > 1 else 0
        expected = np.clip(x[:, period, column], own.mean() - k * sd, own.mean() + k * sd)
        np.testing.assert_allclose(found[:, period, column], expected, rtol=1e-12)


@pytest.mark.parametrize("k", [1, 2, 3, 9])
def test_k_figures_at_each_end_become_the_next_where_there_is_one_between(k):
    x = with_gaps()
    found = winsorise_count(x, NAMES, k=k)
    for (period, column), own in columns(x):
        ordered = np.sort(own)
        ends = (ordered[k], ordered[-1 - k]) if len(own) > 2 * k else (-np.inf, np.inf)
        np.testing.assert_array_equal(found[:, period, column], np.clip(x[:, period, column], *ends))


def test_skewness_and_kurtosis_are_of_each_column_and_nil_of_under_four_figures_or_constants():
    x = with_gaps()
    x[:, 0, 0] = 0.1
    found = np.stack(skew_kurtosis(x))
    for (period, column), own in columns(x):
        known = len(own) >= 4 and np.ptp(own) > 0
        expected = [skew(own, bias=False), kurtosis(own, bias=False)] if known else [0, 0]
        assert found[:, period, column] == pytest.approx(expected, rel=1e-9)


def test_figures_that_are_all_alike_are_no_outliers_whatever_their_mean_is_rounded_to():
    """Seven times 0.1 over seven is a little less than 0.1."""
    x = np.full((7, 1), 0.1)
    assert x.sum() / 7 != 0.1
    found = run(method(["i0"], outliers=S("winsorise_sd", {"k": 0.1})), panel(x))
    assert found.treated.tolist() == x.tolist()
    assert [note.step for note in found.notes] == ["normalise"]  # that it tells no unit from another


def test_the_decimal_log_is_of_the_figure_and_its_shift():
    x = np.array([[[99.0, 9]], [[NAN, -0.9]]])
    np.testing.assert_allclose(log10(x, NAMES[:2], shift=1.0), [[[2, 1]], [[NAN, -1]]], atol=1e-12)
    with pytest.raises(SfbenchError, match=r"not positive: i1\n"):
        log10(x, NAMES[:2], shift=0.9)


def test_a_period_is_reported_if_any_figure_of_it_is():
    x = np.array([[[1.0, NAN], [NAN, 2]], [[NAN, NAN], [1, 2]], [[1, 2], [1, 2]]])
    assert minimum_periods(panel(x), x, periods=2)[0].tolist() == [False, True, False]


def test_a_sum_of_periods_begins_when_there_are_enough_and_a_growth_only_after_its_lag():
    x = np.array([[[1.0], [2], [4], [8]], [[5], [5], [NAN], [5]]])
    np.testing.assert_array_equal(total(x, periods=2)[:, :, 0], [[NAN, 3, 6, 12], [NAN, 10, NAN, NAN]])
    assert np.isnan(total(x, periods=5)).all()
    np.testing.assert_array_equal(growth(x, lag=2, cap=9.0)[:, :, 0], [[NAN, NAN, 3, 3], [NAN, NAN, NAN, 0]])
    fall = np.array([[[2.0], [1]], [[-2], [1]], [[0.5], [0.6]]])  # a loss of half; a base below 0; one below 1
    np.testing.assert_allclose(growth(fall, lag=1, cap=9.0)[:, 1, 0], [-0.5, NAN, 0.2])


def test_a_market_is_of_its_period_and_of_those_who_report():
    x = np.array([[[1.0, 0, 0.25], [3, 5, -0.5]], [[3, 0, 0.75], [NAN, 15, -0.5]]])
    expected = [[[25, NAN, 25], [100, 25, 50]], [[75, NAN, 75], [NAN, 75, 50]]]
    np.testing.assert_array_equal(market_share(x, of=100.0), expected)


def test_regressions_need_two_figures_of_each_indicator():
    pytest.importorskip("sklearn")
    step = S("iterative", {"estimator": "bayesian_ridge", "rounds": 2})
    x = np.array([[1.0, 1], [2, 1], [3, NAN], [NAN, NAN]])
    found = run(method(["i0", "i1"], missing=step), panel(x))
    assert found.treated[:, 1].tolist() == [1, 1, 1, 1]  # all that report are alike
    with pytest.raises(SfbenchError, match="too few figures to impute from: i1"):
        run(method(["i0", "i1"], missing=step), panel(x[1:]))
