"""Missing figures, outliers, period rules, exclusions."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy.stats import boxcox, kurtosis, skew

from sfbench.assess import Step, run
from sfbench.assess.outliers import box_cox, log, skew_kurtosis, winsorise_count, winsorise_sd, winsorise_skew_kurtosis
from sfbench.errors import SfbenchError
from sfbench.words import reason

from .shared import indicator, method, panel

S, NAN = Step, np.nan
GAPS = [[1.0, 10], [2, NAN], [4, 30], [NAN, 40], [9, 50]]


def treated(step, values=GAPS, **other):
    return run(method(["i0", "i1"], missing=step), panel(values, **other)).treated


def test_to_drop_is_to_leave_out_the_unit_and_say_which_figure_was_missing():
    result = run(method(["i0", "i1"]), panel(GAPS))
    assert result.units == ("U0", "U2", "U4")
    assert [(e.unit, e.en) for e in result.exclusions] == [("U1", "missing: i1"), ("U3", "missing: i0")]


@pytest.mark.parametrize(("kind", "fills"), [("median", (3, 35)), ("mean", (4, 32.5)), ("worst_observed", (1, 10))])
def test_gaps_are_filled_from_the_units_that_report(kind, fills):
    found = treated(S(kind))
    assert (found[3, 0], found[1, 1]) == fills
    assert np.isfinite(found).all()


def test_the_worst_of_an_indicator_where_less_is_better_is_its_largest_figure():
    down = {"i0": indicator(direction="down"), "i1": indicator()}
    steps = {"missing": S("worst_observed"), "normalise": S("min_max")}
    assert run(method(down, **steps), panel(GAPS)).treated[3, 0] == 9


def test_peers_fill_for_peers_and_a_group_without_any_figure_stays_out():
    x = [[1.0, NAN], [3, 5], [NAN, 7], [NAN, 8]]
    result = run(method(["i0", "i1"], missing=S("peer_median")), panel(x, groups=["a", "a", "b", "b"]))
    assert result.treated.tolist() == [[1, 5], [3, 5]]
    assert [e.en for e in result.exclusions] == ["missing: i0", "missing: i0"]


def test_what_was_imputed_and_pulled_in_is_said():
    """A mean of figures that nobody reported looks like one of figures that all did."""
    x = [*GAPS, [2.0, 900], [3, 20], [5, 25]]
    own = method(["i0", "i1"], missing=S("median"), outliers=S("winsorise_count", {"k": 1}))
    said = [note.en for note in run(own, panel(x)).notes]
    assert said == ["2 figures are imputed by median: i0 (1), i1 (1)", "4 outliers are pulled in: i0 (2), i1 (2)"]
    assert not run(method(["i0", "i1"]), panel(x)).notes


def test_a_mean_of_figures_that_are_all_alike_is_that_figure():
    own = method(["i0"], missing=S("mean"), normalise=S("percentile"))
    assert run(own, panel([[0.1], [0.1], [0.1], [NAN]])).rank.tolist() == [1, 1, 1, 1]


def test_without_earlier_periods_there_is_no_last_observed_figure():
    result = run(method(["i0"], missing=S("last_observed", {"periods": 2})), panel([[1.0], [NAN]]))
    assert result.units == ("U0",)


def test_the_last_observed_figure_is_the_units_own_and_not_too_old():
    x = np.array([[[1.0], [NAN], [NAN]], [[2], [3], [NAN]], [[4], [5], [6]]])
    found = run(method(["i0"], missing=S("last_observed", {"periods": 1})), panel(x))
    assert found.units == ("U1", "U2")
    assert found.treated.tolist() == [[3], [6]]
    older = run(method(["i0"], missing=S("last_observed", {"periods": 2})), panel(x))
    assert older.treated.tolist() == [[1], [3], [6]]


def test_regressions_on_the_others_find_what_the_others_say():
    """Needs scikit-learn, which no extra brings: run by hand where it is installed."""
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(0)
    a, noise = rng.normal(size=(2, 50))
    x = np.column_stack([a, 3 * a + 1, 1000 * (a + 0.1 * noise)])
    gaps = x.copy()
    gaps[7, 1] = gaps[9, 2] = NAN
    step = S("iterative", {"estimator": "bayesian_ridge", "rounds": 10})
    found = run(method(["i0", "i1", "i2"], missing=step), panel(gaps)).treated
    np.testing.assert_array_equal(found[~np.isnan(gaps)], gaps[~np.isnan(gaps)])
    assert found[7, 1] == pytest.approx(x[7, 1], abs=0.01)
    assert found[9, 2] == pytest.approx(x[9, 2], abs=250)


def test_a_library_that_is_not_there_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pymcdm.methods", None)
    with pytest.raises(SfbenchError, match=r"needs pymcdm[\s\S]*pip install 'sfbench\[assess\]'"):
        run(method(["i0"], aggregate=S("vikor", {"v": 0.5})), panel([[1.0], [2]]))


def test_bounds_hold_every_rank_that_the_missing_figure_could_give():
    """One unit withholds one figure: try every figure in the observed range."""
    x = np.array([[0.1, 0.9], [0.5, NAN], [0.8, 0.2], [0.3, 0.4]])
    posts = {name: indicator(goalposts=(0.0, 1.0)) for name in ("i0", "i1")}
    steps = {"normalise": S("goalposts", {"cap": True})}
    found = run(method(posts, missing=S("bounds"), **steps), panel(x))
    assert "missing bounds" in found.realised
    ranks, scores = [], []
    for value in np.linspace(0.2, 0.9, 29):
        one = run(method(posts, **steps), panel(np.where(np.isnan(x), value, x)))
        ranks.append(one.rank)
        scores.append(one.score)
    assert found.interval.best_rank.tolist() == np.min(ranks, axis=0).tolist()
    assert found.interval.worst_rank.tolist() == np.max(ranks, axis=0).tolist()
    np.testing.assert_allclose(found.interval.low, np.min(scores, axis=0))
    np.testing.assert_allclose(found.interval.high, np.max(scores, axis=0))


def test_an_indicator_without_any_figure_is_refused_or_left_out_as_the_method_says():
    x = [[1.0, NAN], [2, NAN]]
    with pytest.raises(SfbenchError, match="no figures"):
        run(method(["i0", "i1"]), panel(x))
    result = run(method(["i0", "i1"], empty=S("leave_out")), panel(x))
    assert result.indicators == ("i0",)
    assert "i1" in result.notes[0].en
    with pytest.raises(SfbenchError):
        run(method(["i0", "i1"], empty=S("leave_out")), panel(np.full((2, 2), NAN)))


def test_when_nobody_is_left_the_reasons_are_told():
    with pytest.raises(SfbenchError, match="U0: missing: i1"):
        run(method(["i0", "i1"]), panel([[1.0, NAN], [NAN, 2]]))


COLUMN = np.r_[np.random.default_rng(0).normal(size=59), 40.0, NAN][:, None, None]


def test_skewness_and_kurtosis_are_the_sample_statistics_of_scipy():
    own, excess = skew_kurtosis(COLUMN)
    known = COLUMN[:-1, 0, 0]
    assert own[0, 0] == pytest.approx(skew(known, bias=False))
    assert excess[0, 0] == pytest.approx(kurtosis(known, bias=False))


def test_the_skew_and_kurtosis_rule_pulls_in_the_outlier_and_stops():
    x = winsorise_skew_kurtosis(COLUMN, ("i0",), skewness=2.0, kurtosis=3.5, at_most=5)
    changed = np.nonzero(x[:-1] != COLUMN[:-1])[0]
    assert changed.tolist() == [59]
    assert x[59, 0, 0] == COLUMN[:59].max()
    assert np.isnan(x[60, 0, 0])
    mirrored = winsorise_skew_kurtosis(-COLUMN, ("i0",), skewness=2.0, kurtosis=3.5, at_most=5)
    np.testing.assert_array_equal(mirrored, -x)


def test_a_unit_error_captures_min_max_until_it_is_winsorised():
    """S14: one bank reports in yuan instead of 10,000 yuan."""
    x = np.exp(np.random.default_rng(1).normal(size=(30, 1)))
    wrong = np.where(np.arange(30)[:, None] == 3, x * 1e4, x)
    others = np.arange(30) != 3
    rule = S("winsorise_skew_kurtosis", {"skewness": 2.0, "kurtosis": 3.5, "at_most": 3})
    captured, freed = (
        np.ptp(run(method(["i0"], outliers=step, normalise=S("min_max")), panel(wrong)).score[others])
        for step in (S("none"), rule)
    )
    assert captured < 0.01
    assert freed > 0.9


def test_ends_are_pulled_in_by_count_and_by_standard_deviations():
    x = np.arange(10.0)[:, None, None]
    assert winsorise_count(x, ("i0",), k=2)[:, 0, 0].tolist() == [2, 2, 2, 3, 4, 5, 6, 7, 7, 7]
    assert winsorise_count(x[:4], ("i0",), k=2)[:, 0, 0].tolist() == [0, 1, 2, 3]
    found = winsorise_sd(x, ("i0",), k=1.0)
    sd = np.std(x, ddof=1)
    assert (found.min(), found.max()) == (pytest.approx(4.5 - sd), pytest.approx(4.5 + sd))


def test_logs_and_powers_are_those_of_the_field_and_refuse_what_they_cannot_take():
    x = np.array([[[1.0]], [[4.0]]])
    assert box_cox(x, ("a",), power=0.5).ravel() == pytest.approx(boxcox([1.0, 4.0], 0.5))
    assert box_cox(x, ("a",), power=0.0).ravel() == pytest.approx(np.log([1, 4]))
    with pytest.raises(SfbenchError, match="not positive: a"):
        log(x - 1, ("a",), shift=0.0)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (S("last"), 8.0),
        (S("mean", {"periods": 2}), 6.0),
        (S("total", {"periods": 3}), 14.0),
        (S("change", {"lag": 2}), 6.0),
        (S("growth", {"lag": 1, "cap": 9.0}), 1.0),
        (S("growth", {"lag": 2, "cap": 2.5}), 2.5),
        (S("market_share", {"of": 100.0}), 80.0),
    ],
)
def test_a_period_rule_makes_one_figure_of_several_periods(rule, expected):
    x = np.array([[[2.0], [4], [8]], [[1], [1], [2]]])
    result = run(method({"i0": indicator(period=rule)}), panel(x))
    assert result.treated[0, 0] == pytest.approx(expected)


def test_growth_from_nothing_is_not_a_figure():
    x = np.array([[[0.0], [4]], [[1], [2]]])
    result = run(method({"i0": indicator(period=S("growth", {"lag": 1, "cap": 5.0}))}), panel(x))
    assert result.units == ("U1",)


def test_a_minimum_size_is_of_the_indicator_as_it_is_declared():
    """First borrowers of four quarters, not of the last one."""
    x = np.array([[[3.0], [0]], [[1], [1]]])
    total = {"i0": indicator(period=S("total", {"periods": 2}))}
    own = method(total, exclude=(S("minimum_size", {"indicator": "i0", "at_least": 3.0}),))
    assert run(own, panel(x)).units == ("U0",)


def test_each_unit_is_left_out_by_the_first_rule_that_it_falls_under():
    x = np.array([[[NAN, NAN], [5, 1]], [[0, 1], [5, 1]], [[2, 1], [0.5, 1]], [[2, 1], [3, 1]], [[2, 1], [3, 1]]])
    rules = (
        S("minimum_periods", {"periods": 2}),
        S("zero_base", {"indicators": ("i0",), "lag": 1}),
        S("minimum_size", {"indicator": "i0", "at_least": 1.0}),
        S("group", {"name": "policy"}),
    )
    groups = ["city"] * 4 + ["policy"]
    result = run(method(["i0", "i1"], exclude=rules), panel(x, groups=groups))
    assert result.units == ("U3",)
    assert [e.unit for e in result.exclusions] == ["U0", "U1", "U2", "U4"]
    assert all(e.en and e.zh for e in result.exclusions)
    assert [reason("zh", e.en) for e in result.exclusions] == [e.zh for e in result.exclusions]  # as an error says it
