"""P6: the mountain example of Opricovic and Tzeng (2004), and what the MCDM methods need to be told."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.aggregate.mcdm import promethee_ii, topsis, vikor
from sfbench.errors import SfbenchError

from .shared import context, indicator, method, panel

MOUNTAIN = np.array([[1.0, 3000], [2, 3750], [5, 4500]])  # risk: less is better; altitude: more is better
HALF = np.array([0.5, 0.5])


def mountain():
    return context(MOUNTAIN, sign=np.array([-1.0, 1]))


def test_the_winner_of_topsis_depends_on_the_normalisation_that_is_named():
    def score(normalisation):
        return topsis(MOUNTAIN, HALF, mountain(), normalisation=normalisation).score

    assert score("min_max") == pytest.approx([0.5, 0.617, 0.5], abs=5e-4)
    assert score("vector") == pytest.approx([0.7621, 0.7222, 0.2379], abs=5e-5)


def test_vikor_finds_the_compromise():
    q = 1 - vikor(MOUNTAIN, HALF, mountain(), v=0.5).score
    assert q == pytest.approx([1, 0, 1])


def test_the_chain_hands_raw_figures_and_their_direction_to_a_method_that_normalises_itself():
    indicators = {"i0": indicator(direction="down"), "i1": indicator()}
    step = Step("topsis", {"normalisation": "vector"})
    result = run(method(indicators, aggregate=step), panel(MOUNTAIN))
    assert result.score == pytest.approx([0.7621, 0.7222, 0.2379], abs=5e-5)
    assert result.rank.tolist() == [1, 2, 3]
    assert "aggregate topsis(normalisation=vector)" in result.realised


def test_promethee_ii_is_the_mean_of_preferences_less_those_of_the_others():
    """Three units, two indicators, by hand: a beats b in one, c in both; weights .5."""
    x = np.array([[3.0, 2], [1, 3], [2, 1]])
    score = promethee_ii(x, HALF, context(x), preference="usual", q=None, p=None).score
    assert score == pytest.approx([0.5, 0.0, -0.5])


def test_promethee_ii_with_linear_preference_by_hand():
    x = np.array([[0.0], [1], [4]])
    score = promethee_ii(x, np.ones(1), context(x), preference="vshape_2", q=1.0, p=3.0).score
    # differences 1, 4, 3: preference 0 up to q, (d - q) / (p - q) between, 1 beyond p
    assert score == pytest.approx([-0.5, -0.5, 1])


@pytest.mark.parametrize(("preference", "q", "p"), [("usual", 1.0, None), ("vshape", None, None), ("level", 2.0, 1.0)])
def test_promethee_ii_wants_the_thresholds_of_its_preference_and_no_others(preference, q, p):
    with pytest.raises(SfbenchError):
        promethee_ii(MOUNTAIN, HALF, mountain(), preference=preference, q=q, p=p)


@pytest.mark.parametrize("step", [Step("topsis", {"normalisation": "min_max"}), Step("vikor", {"v": 0.5})])
def test_an_indicator_that_is_level_has_no_effect_and_is_named(step):
    rng = np.random.default_rng(0)
    x = np.column_stack([rng.random((9, 2)), np.full(9, 7.0)])
    given = Step("given", {"values": {"i0": 0.4, "i1": 0.4, "i2": 0.2}})
    result = run(method(["i0", "i1", "i2"], weights=given, aggregate=step), panel(x))
    without = run(method(["i0", "i1"], aggregate=step), panel(x[:, :2]))
    assert (result.rank == without.rank).all()
    assert any("i2" in note.en and note.step == "aggregate" for note in result.notes)


def test_units_that_are_all_level_are_an_error_and_not_a_score():
    same = np.ones((4, 2))
    with pytest.raises(SfbenchError, match="no indicator tells the units apart"):
        topsis(same, HALF, context(same), normalisation="vector")


THREE = np.full(3, 1 / 3)


def test_vikor_goes_by_utility_where_the_greatest_regret_of_all_is_the_same():
    x = np.array([[1.0, 2, 3], [2, 3, 1], [3, 1, 2.5]])  # each is the worst in one
    assert vikor(x, THREE, context(x), v=0.5).score == pytest.approx([0.5, 0.5, 1])
    x[2, 2] = 2  # a cycle: nothing tells them apart, and no rounding error does
    assert vikor(x, THREE, context(x), v=0.5).score.tolist() == [1, 1, 1]


def test_promethee_ii_ranks_nobody_by_the_rounding_of_sums():
    x = np.array([[0.0, 2, 1], [2, 1, 0], [1, 0, 2]]).repeat(2, axis=0)  # a cycle of three pairs
    step = Step("promethee_ii", {"preference": "usual", "q": None, "p": None})
    result = run(method(["i0", "i1", "i2"], aggregate=step), panel(x))
    assert result.rank.tolist() == [1] * 6


@pytest.mark.parametrize(("normalisation", "x"), [("max", [[-1.0], [-5]]), ("sum", [[0.0], [5]])])
def test_topsis_refuses_to_divide_by_what_turns_or_loses_the_order(normalisation, x):
    with pytest.raises(SfbenchError, match=r"not defined for the figures of i0"):
        topsis(np.array(x), np.ones(1), context(np.array(x)), normalisation=normalisation)


LEVELS = {
    "min_max": lambda x: (x - x.min(axis=0)) / np.ptp(x, axis=0),
    "vector": lambda x: x / np.sqrt((x**2).sum(axis=0)),
    "max": lambda x: x / x.max(axis=0),
    "sum": lambda x: x / x.sum(axis=0),
}
FIGURES = np.array([[0.2, 900.0, 3], [0.5, 100, 5], [0.9, 400, 1], [0.4, 500, 4]])
WEIGHTS = np.array([0.5, 0.2, 0.3])


@pytest.mark.parametrize("normalisation", LEVELS)
def test_topsis_is_the_part_of_the_distance_from_the_worst_figures(normalisation):
    level = LEVELS[normalisation](FIGURES) * WEIGHTS
    best, worst = (np.sqrt(((level - end) ** 2).sum(axis=1)) for end in (level.max(axis=0), level.min(axis=0)))
    found = topsis(FIGURES, WEIGHTS, context(FIGURES), normalisation=normalisation).score
    assert found == pytest.approx(worst / (best + worst))


def ranged(part):
    return (part - part.min()) / np.ptp(part)


@pytest.mark.parametrize("v", [0.0, 0.3, 1.0])
def test_vikor_weighs_the_sum_of_losses_and_the_greatest_one(v):
    lost = WEIGHTS * (FIGURES.max(axis=0) - FIGURES) / np.ptp(FIGURES, axis=0)
    q = v * ranged(lost.sum(axis=1)) + (1 - v) * ranged(lost.max(axis=1))
    assert vikor(FIGURES, WEIGHTS, context(FIGURES), v=v).score == pytest.approx(1 - q)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        ([[1, 2, 3], [2, 3, 1], [3, 1, 2.5]], [0.2, 0.2, 1]),  # the greatest loss of all is the same
        ([[0, 2, 1], [1, 1, 1], [2, 0, 1]], [0.8, 1, 0.8]),  # the sum is; the third indicator is level
    ],
)
def test_vikor_leaves_out_the_part_by_which_no_unit_differs(x, expected):
    x = np.array(x, float) * [1, 1000, 1]
    assert vikor(x, THREE, context(x), v=0.8).score == pytest.approx(expected)


def test_what_a_single_unit_or_weightless_figures_leave_undefined_is_refused():
    usual = {"preference": "usual", "q": None, "p": None}
    with pytest.raises(SfbenchError, match="two units"):
        promethee_ii(MOUNTAIN[:1], HALF, mountain(), **usual)
    two = np.array([[1.0, 5], [2, 7]])
    assert promethee_ii(two, HALF, context(two), **usual).score.tolist() == [-1, 1]
    with pytest.raises(SfbenchError, match="not defined for these figures"):
        topsis(two, np.zeros(2), context(two), normalisation="vector")
