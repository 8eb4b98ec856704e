"""The chain: ranks and ties, peers, means, rules on top of scores, bands, and the edges of a panel."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Panel, Step, run
from sfbench.assess.bands import Band
from sfbench.assess.panel import NotAssessable
from sfbench.errors import SfbenchError

from .shared import indicator, method, panel

S, NAN = Step, np.nan


def only(values, **steps):
    return run(method(["i0"], **steps), panel(np.array(values, float)[:, None]))


def test_units_that_tie_share_the_better_rank():
    result = only([3, 5, 3, 1, 5])
    assert result.rank.tolist() == [3, 1, 3, 5, 1]
    assert result.ties == (("U1", "U4"), ("U0", "U2"))


def test_scores_that_differ_by_rounding_only_are_a_tie():
    x = [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.2, 0.3, 0.1]]
    result = run(method(["i0", "i1", "i2"]), panel(x))
    assert result.rank.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (S("z", {"ddof": 1}), 0.0),
        (S("z", {"ddof": 0}), 0.0),
        (S("min_max"), 0.5),
        (S("rank"), 0.0),
        (S("percentile"), 0.5),
        (S("distance_to_mean"), 0.0),
        (S("horizontal", {"deviation": "sd", "points": ((-1.0, 0.0), (1.0, 100.0))}), 50.0),
    ],
)
def test_one_unit_alone_is_level_with_itself(step, expected):
    result = only([7], normalise=step)
    assert result.score.tolist() == [expected]
    assert result.rank.tolist() == [1]


@pytest.mark.parametrize("step", [S("z", {"ddof": 1}), S("min_max"), S("percentile")])
def test_a_constant_indicator_moves_nobody_and_is_named(step):
    x = np.column_stack([[1.0, 2, 3], [0.1 + 0.2, 0.3, 0.3]])
    x[:, 1] = 0.1 * 3
    both, one = (run(method(names, normalise=step), panel(x[:, : len(names)])) for names in (["i0", "i1"], ["i0"]))
    assert (both.rank == one.rank).all()
    assert both.notes[-1].en == "tells no unit from another: i1"


def test_goalposts_turn_for_less_is_better():
    posts = {"i0": indicator(direction="down", goalposts=(0.0, 0.05))}
    step = S("goalposts", {"cap": True})
    result = run(method(posts, normalise=step), panel([[0.01], [0.05], [0.2], [0.0]]))
    assert result.score == pytest.approx([0.8, 0, 0, 1])


@pytest.mark.parametrize(
    ("step", "expected"),
    [(S("rank"), [0, 2, 2, 2, 4]), (S("percentile"), [0.1, 0.5, 0.5, 0.5, 0.9])],
)
def test_units_that_are_level_share_the_middle_of_their_places(step, expected):
    assert only([1, 3, 3, 3, 8], normalise=step).score == pytest.approx(expected)


def test_distances_to_references_are_relative_and_point_up():
    down = {"i0": indicator(direction="down")}
    x = panel([[2.0], [4], [6]])
    assert run(method(down, normalise=S("distance_to_best")), x).score == pytest.approx([0, -1, -2])
    assert run(method(down, normalise=S("distance_to_mean")), x).score == pytest.approx([0.5, 0, -0.5])
    reference = S("distance_to_reference", {"values": {"i0": 5.0}})
    assert run(method(down, normalise=reference), x).score == pytest.approx([0.6, 0.2, -0.2])


def test_an_indicator_that_has_no_reference_is_named():
    reference = S("distance_to_reference", {"values": {"i0": 5.0}})
    with pytest.raises(SfbenchError, match="no reference figure for i1"):
        run(method(["i0", "i1"], normalise=reference), panel([[1.0, 2]]))


def test_categories_are_cut_by_value_or_by_percentile():
    by_value = S("categorical", {"of": "value", "cuts": (10.0, 20.0), "points": (0.0, 50.0, 100.0)})
    assert only([5, 10, 19, 20], normalise=by_value).score.tolist() == [0, 50, 50, 100]
    by_place = S("categorical", {"of": "percentile", "cuts": (0.5,), "points": (0.0, 1.0)})
    assert only([4, 1, 3, 2], normalise=by_place).score.tolist() == [1, 0, 1, 0]


def test_an_indicator_may_name_a_normalisation_of_its_own():
    indicators = {"a": indicator(), "b": indicator(normalise=S("none"))}
    result = run(method(indicators, normalise=S("min_max")), panel([[1.0, 70], [3, 80]], "ab"))
    assert result.normalised.tolist() == [[0, 70], [1, 80]]
    assert "normalise b: none" in result.realised


def test_the_lower_the_power_the_less_a_strong_figure_makes_up_for_a_weak_one():
    x = [[0.9, 0.1], [0.5, 0.5]]
    kinds = [S("arithmetic"), S("geometric", {"floor": 0.0}), S("harmonic", {"floor": 0.0})]
    score = [run(method(["i0", "i1"], aggregate=kind), panel(x)).score[0] for kind in kinds]
    assert score == pytest.approx([0.5, 0.3, 0.18])
    for p, own in ((1.0, 0.5), (0.0, 0.3), (-1.0, 0.18)):
        kind = S("generalised", {"p": p, "floor": 0.0})
        assert run(method(["i0", "i1"], aggregate=kind), panel(x)).score[0] == pytest.approx(own)


def test_a_zero_under_a_geometric_mean_is_a_zero_or_the_floor_and_a_note():
    x = panel([[0.0, 1.0], [0.5, 0.5]])
    for floor, score in ((0.0, 0.0), (0.01, 0.1)):
        result = run(method(["i0", "i1"], aggregate=S("geometric", {"floor": floor})), x)
        assert result.score[0] == pytest.approx(score)
        assert result.notes[0].step == "aggregate" and "i0" in result.notes[0].en
    with pytest.raises(SfbenchError, match="below 0"):
        run(method(["i0"], aggregate=S("geometric", {"floor": 0.0})), panel([[-1.0], [1.0]]))


def test_two_levels_are_arithmetic_within_and_geometric_across():
    """Human Development Index: the mean of two education indices counts once, by hand."""
    pillars = {"school": "education", "expected": "education", "life": "health", "income": "income"}
    indicators = {name: indicator(pillar=pillar) for name, pillar in pillars.items()}
    steps = {"aggregate": S("two_level", {"within": 1.0, "across": 0.0, "floor": 0.0})}
    result = run(method(indicators, weights=S("hierarchical_equal"), **steps), panel([[0.6, 0.8, 0.9, 0.5]], pillars))
    assert result.score[0] == pytest.approx((0.7 * 0.9 * 0.5) ** (1 / 3))


X = panel([[1.0], [3], [10], [30], [50]], groups=["small", "small", "large", "large", "large"])


def test_peers_apart_have_rankings_of_their_own():
    result = run(method(["i0"], normalise=S("min_max"), peers=S("apart")), X)
    assert result.score.tolist() == [0, 1, 0, 0.5, 1]
    assert result.rank.tolist() == [2, 1, 3, 2, 1]
    assert result.ties == ()


def test_peers_may_share_a_ranking_and_be_normalised_on_their_own():
    result = run(method(["i0"], normalise=S("min_max"), peers=S("normalise_within")), X)
    assert result.score.tolist() == [0, 1, 0, 0.5, 1]
    assert result.rank.tolist() == [4, 1, 4, 3, 1]
    together = run(method(["i0"], normalise=S("min_max")), X)
    assert together.rank.tolist() == [5, 4, 3, 2, 1]


def test_a_group_that_falls_out_whole_leaves_the_others_as_they_are():
    down = {"i0": indicator(direction="down")}
    x = panel([[NAN], [1.0], [3]], groups=["a", "b", "b"])
    result = run(method(down, normalise=S("min_max"), peers=S("normalise_within"), aggregate=S("borda")), x)
    assert result.units == ("U1", "U2")
    assert result.rank.tolist() == [1, 2]


ITEM = {"id": "lists", "en": "on a list", "zh": "名单", "indicator": "flag", "relation": "at_least", "limit": 1.0}


def test_bonus_and_deduction_add_points_when_their_condition_holds_in_every_period():
    indicators = {"i0": indicator(), "flag": indicator(role="condition"), "own": indicator(role="condition")}
    x = np.array([[[50, 1, 0], [50, 1, 8]], [[50, 0, 0], [50, 1, -9]], [[50, 1, 0], [50, NAN, NAN]]], float)
    items = (
        S("when", ITEM | {"periods": 1, "points": 2.0}),
        S("when", ITEM | {"periods": 2, "points": -3.0}),
        S("add", {"id": "own", "en": "own", "zh": "自身", "indicator": "own", "factor": 0.5, "at_most": 4.0}),
    )
    result = run(method(indicators, adjust=items), panel(x, list(indicators)))
    assert result.score.tolist() == [50 + 2 - 3 + 4, 50 + 2 - 4, 50]
    assert result.base.tolist() == [50, 50, 50]
    assert result.adjustments[0].values.tolist() == [2, 2, 0]
    assert any("1 units could not be judged: flag" in note.en for note in result.notes)


BANDS = tuple(Band(name, name, name, limit) for name, limit in (("good", 80.0), ("fair", 60.0), ("poor", 0.0)))


@pytest.mark.parametrize(
    ("effect", "to", "rank", "band", "score"),
    [
        ("rank_last", None, [3, 1, 2], ["good", "good", "fair"], [95, 85, 70]),
        ("score_at_most", 65.0, [3, 1, 2], ["fair", "good", "fair"], [65, 85, 70]),
        ("band_at_most", "poor", [1, 2, 3], ["poor", "good", "fair"], [95, 85, 70]),
    ],
)
def test_no_score_makes_up_for_a_broken_risk_floor(effect, to, rank, band, score):
    indicators = {"i0": indicator(), "npl": indicator(role="condition", direction="down")}
    rule = {"en": "bad loans", "zh": "不良", "indicator": "npl", "relation": "above", "limit": 0.05, "periods": 1}
    steps = {"veto": (S("risk_floor", rule | {"effect": effect, "to": to}),)}
    steps["bands"] = S("cutoffs", {"bands": BANDS, "end": None})
    result = run(method(indicators, **steps), panel([[95, 0.06], [85, 0.01], [70, 0.05]], list(indicators)))
    assert result.rank.tolist() == rank
    assert [own.id for own in result.band_of] == band
    assert result.score.tolist() == score
    assert result.vetoes[0][2].tolist() == [True, False, False]


def test_bands_by_share_of_the_units_keep_ties_together():
    bands = tuple(Band(name, name, name, share) for name, share in (("a", 0.25), ("b", 0.5), ("c", 0.25)))
    result = only([9, 9, 5, 4, 3, 2, 1, 1], bands=S("quantiles", {"bands": bands}))
    assert [own.id for own in result.band_of] == ["a", "a", "b", "b", "b", "b", "c", "c"]


@pytest.mark.parametrize("scores", [[70, 93.7, 60], [130, 5113, 60]])
def test_a_score_at_the_limit_of_a_band_is_in_it(scores):
    """Whatever the largest score is: points and whole basis points stand at limits often."""
    bands = (Band("high", "高", "high", float(scores[0])), Band("low", "低", "low", 60.0))
    found = only(scores, bands=S("cutoffs", {"bands": bands, "end": None})).band_of
    assert [own and own.id for own in found] == ["high", "high", "low"]
    ended = only(scores, bands=S("cutoffs", {"bands": bands, "end": float(scores[0])})).band_of
    assert [own and own.id for own in ended] == [None, None, "low"]


def test_a_unit_that_a_veto_puts_last_is_not_in_the_best_band_by_share():
    bands = tuple(Band(name, name, name, share) for name, share in (("a", 0.25), ("b", 0.5), ("c", 0.25)))
    rule = {"en": "bad loans", "zh": "不良", "indicator": "npl", "relation": "above", "limit": 5.0, "periods": 1}
    floor = S("risk_floor", rule | {"effect": "rank_last", "to": None})
    indicators = {"i0": indicator(), "npl": indicator(role="condition", direction="down")}
    own = method(indicators, veto=(floor,), bands=S("quantiles", {"bands": bands}))
    result = run(own, panel([[9.0, 6], [8, 1], [7, 1], [6, 1]], list(indicators)))
    assert result.rank.tolist() == [4, 1, 2, 3]
    assert [band.id for band in result.band_of] == ["c", "a", "b", "b"]


@pytest.mark.parametrize("units", [3, 6, 7])
def test_units_that_are_all_alike_are_at_their_baseline(units):
    """A mean of figures that are all 0.1 is 0.1 and a rounding error, for most numbers of them."""
    x = np.full((units, 4, 2), 0.1)
    points = {"deviation": "sd", "points": ((-3.0, 0.0), (2.0, 100.0))}
    for step in (S("horizontal", points), S("vertical", points | {"periods": 3, "past": "before"})):
        assert run(method(["i0", "i1"], normalise=step), panel(x)).score == pytest.approx([60] * units)
    nil = S("horizontal", points | {"deviation": "relative"})
    assert run(method(["i0"], normalise=nil), panel(np.zeros((units, 1)))).score == pytest.approx([60] * units)


def test_figures_that_cancel_out_are_a_tie_at_nought():
    x = np.array([[1.0, 2, 4], [2, 4, 1], [4, 1, 2]])
    result = run(method(["i0", "i1", "i2"], normalise=S("z", {"ddof": 1})), panel(x))
    assert result.score.tolist() == [0, 0, 0]
    assert result.rank.tolist() == [1, 1, 1]


def test_where_no_unit_is_left_every_reason_is_given():
    """Not the first five units: sixty banks had one reason, and the one that counts stood behind them."""
    x = np.ones((8, 2))
    x[6, 0], x[7, 1] = NAN, NAN
    own = method(["i0", "i1"], exclude=(S("group", {"name": "policy"}),))
    with pytest.raises(SfbenchError) as caught:
        run(own, panel(x, groups=["policy"] * 6 + ["other"] * 2))
    assert caught.value.why == "U0: peer group policy; U6: missing: i0; U7: missing: i1"


def test_an_error_of_a_step_says_where_the_step_stands():
    step = S("geometric", {"floor": 0.0}, where="mine.yaml:7")
    with pytest.raises(SfbenchError) as caught:
        only([-1, 1], aggregate=step)
    assert caught.value.where == "mine.yaml:7"


def test_data_that_do_not_bear_a_step_of_a_file_are_no_error_of_the_file():
    """Whoever reports on the data goes on without the banks: the kind of the error was lost on the way."""
    step = S("iterative", {"estimator": "bayesian_ridge", "rounds": 2}, where="mine.yaml:7")
    with pytest.raises(NotAssessable, match="too few figures") as caught:
        run(method(["i0", "i1"], missing=step), panel([[1.0, NAN], [2, NAN], [3, 4]]))
    assert caught.value.where == "mine.yaml:7"


@pytest.mark.parametrize(("p", "expected"), [(1000.0, [90, 80]), (-1000.0, [10, 20])])
def test_a_mean_of_a_high_power_is_close_to_the_largest_or_smallest_figure(p, expected):
    step = S("generalised", {"p": p, "floor": 0.0})
    result = run(method(["i0", "i1"], aggregate=step), panel([[10.0, 90], [20, 80]]))
    assert result.score == pytest.approx(expected, rel=1e-2)


def test_a_score_outside_all_bands_has_none():
    result = only([-5, 5], bands=S("cutoffs", {"bands": BANDS, "end": None}))
    assert [own and own.id for own in result.band_of] == [None, "poor"]
    assert result.notes[-1].step == "bands"


def test_the_result_of_an_earlier_period_is_that_of_the_panel_as_it_stood():
    whole = panel(np.array([[[1.0], [9]], [[2], [3]]]))
    assert run(method(["i0"]), whole.until("P0")).rank.tolist() == [2, 1]
    assert run(method(["i0"]), whole).rank.tolist() == [1, 2]


def test_steps_that_do_not_go_together_are_refused_all_at_once():
    steps = {"weights": S("bod", {"low": 0.0, "high": 1.0}), "aggregate": S("geometric", {"floor": 0.0})}
    wrong = method(
        {"i0": indicator(direction="down"), "i1": indicator(normalise=S("goalposts", {"cap": True}))}, **steps
    )
    with pytest.raises(SfbenchError) as caught:
        run(wrong, panel([[1.0, 2]]))
    for part in ("'i1' has no goalposts", "less is better of 'i0'", "bod does not go with geometric"):
        assert part in str(caught.value)


def test_a_panel_that_lacks_an_indicator_is_refused():
    with pytest.raises(SfbenchError, match="no indicator 'i1'"):
        run(method(["i0", "i1"]), panel([[1.0]]))


@pytest.mark.parametrize("wrong", [{"units": ("a", "a")}, {"values": np.zeros((3, 1, 1))}, {"names": ("a",)}])
def test_a_panel_that_is_not_one_is_refused(wrong):
    good = {"units": ("a", "b"), "names": ("A", "B"), "groups": ("g", "g"), "periods": ("p",), "indicators": ("i",)}
    with pytest.raises(SfbenchError):
        Panel(**good | {"values": np.zeros((2, 1, 1))} | wrong)
