"""Weights and means from their textbooks: the Handbook's factor loadings, Saaty's index, Shannon's entropy, edges."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.weights.ahp import RANDOM_INDEX, ahp, consistency
from sfbench.assess.weights.bod import bod
from sfbench.assess.weights.correlation import correlations, pca, varimax
from sfbench.assess.weights.given import given
from sfbench.assess.weights.information import entropy
from sfbench.errors import SfbenchError

from .shared import context, indicator, method, oecd, panel

S, NAN = Step, np.nan

# OECD/JRC Handbook (2008), rotated factor loadings of the technology achievement index (PAT ROY INT EXP TEL ELE SCH
# UNI), four components, varimax; the explained variances stand below them
LOADINGS = """
 .07  .97  .06  .06
 .13  .07 -.07  .93
 .79 -.21  .21  .42
-.64  .56 -.04  .36
 .37  .17  .38  .68
 .82 -.04  .25  .35
 .88  .23 -.09  .09
 .08  .04  .96  .04
"""
EXPLAINED = [2.64, 1.39, 1.19, 1.76]


def test_the_loadings_of_the_technology_achievement_index_are_the_printed_ones():
    x = oecd().values[:, 0]
    values, vectors = np.linalg.eigh(correlations(x))
    turned = varimax(vectors[:, :-5:-1] * np.sqrt(values[:-5:-1]))
    printed = np.array([line.split() for line in LOADINGS.split("\n") if line], float)
    assert turned * np.sign(turned.sum(axis=0)) == pytest.approx(printed, abs=0.015)
    assert (turned**2).sum(axis=0) == pytest.approx(EXPLAINED, abs=0.025)
    squares = (printed**2).max(axis=1)  # scaled within the component, times its part of the variance
    found = pca(x, context(x), retain="count", limit=4, rotation="varimax").values
    assert found == pytest.approx(squares / squares.sum(), abs=0.005)


A, B = np.array([1.0, -1, 0, 0]), np.array([0, 0, 1.0, -1])
TWICE = np.column_stack([A, 3 * A, B])  # eigenvalues 2, 1 and 0: the first two are one quantity


@pytest.mark.parametrize(
    ("retain", "limit", "one"),
    [
        ("explained_share", 2 / 3, True),  # the first explains two thirds, and that is enough
        ("explained_share", 0.7, False),
        ("explained_share", 1.0, False),
        ("eigenvalue_above", 1.5, True),
        ("eigenvalue_above", 0.9, False),
        ("eigenvalue_above", 5.0, True),  # none is: the largest stays
        ("count", 1.0, True),
        ("count", 2.0, False),
    ],
)
def test_components_are_kept_up_to_the_limit_and_one_always_is(retain, limit, one):
    found = pca(TWICE, context(TWICE), retain=retain, limit=limit, rotation="none").values
    assert found == pytest.approx([1 / 2, 1 / 2, 0] if one else [1 / 3] * 3)


def test_an_indicator_that_is_level_has_no_loading_and_one_alone_has_no_components():
    x = np.column_stack([TWICE, np.full(4, 0.1)])
    found = pca(x, context(x), retain="count", limit=2, rotation="varimax")
    assert found.values == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert "i3" in found.notes[0].en and not pca(TWICE, context(TWICE), retain="count", limit=2, rotation="none").notes
    with pytest.raises(SfbenchError, match="fewer than two"):
        pca(x[:, 2:], context(x[:, 2:]), retain="count", limit=1, rotation="none")


def test_an_indicator_that_is_level_goes_with_itself_alone():
    x = np.column_stack([A, -2 * A, np.full(4, 0.1)])
    assert correlations(x) == pytest.approx(np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1]]))


def test_the_random_index_is_saatys():
    assert RANDOM_INDEX == (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)


@pytest.mark.parametrize("ratio", [1 / 9, 1.0, 5.0])
def test_the_consistency_ratio_of_three_comparisons_has_a_closed_form(ratio):
    """The largest eigenvalue is 1 + t + 1 / t, t the cube root of a13 / (a12 a23) (Saaty 1980)."""
    matrix = np.array([[1, 2, ratio], [1 / 2, 1, 3], [1 / ratio, 1 / 3, 1]])
    t = (ratio / 6) ** (1 / 3)
    assert consistency(matrix) == pytest.approx((t + 1 / t - 2) / 2 / 0.58)
    assert consistency(matrix[:2, :2]) == 0


def test_more_indicators_than_the_random_index_knows_are_not_compared_in_pairs():
    assert consistency(np.ones((15, 15))) == pytest.approx(0, abs=1e-12)
    with pytest.raises(SfbenchError, match="16 indicators"):
        consistency(np.ones((16, 16)))


def test_comparisons_with_an_indicator_that_has_no_figures_are_left_aside():
    """3 : 1 between the two that are there; geometric means of rows are those of the eigenvector here."""
    pairs = {"a": {"b": 3.0, "c": 9.0}, "b": {"c": 1.0}}
    for by in ("eigenvector", "geometric"):
        weights = S("ahp", {"comparisons": pairs, "by": by})
        own = method(["a", "c", "b"], weights=weights, empty=S("leave_out"))
        found = run(own, panel([[1.0, NAN, 2], [2, NAN, 1]], ["a", "c", "b"]))
        assert found.weights[0] == pytest.approx([0.75, 0.25])


def test_geometric_means_of_rows_are_not_the_eigenvector_where_comparisons_contradict_each_other():
    """Rows 1 2 8, 1/2 1 1, 1/8 1 1 and, by hand, their geometric means, scaled."""
    means = np.array([16, 0.5, 0.125]) ** (1 / 3)
    x = np.ones((2, 3))
    found = ahp(x, context(x), comparisons={"i0": {"i1": 2.0, "i2": 8.0}, "i1": {"i2": 1.0}}, by="geometric")
    assert found.values == pytest.approx(means / means.sum())


def test_entropy_is_of_the_shares_of_the_matrix_that_is_named():
    """Shares 1/4 and 3/4 hold 0.8113 bits, all or nothing none, halves one: what is left of it is the information."""
    left = 1 - (np.log2(4) / 4 + 3 / 4 * np.log2(4 / 3))
    x, other = np.array([[1.0, 0, 2], [3, 0.5, 2]]), np.array([[5.0, 1, 3], [5, 2, 9]])
    assert entropy(x, context(other), of="normalised").values == pytest.approx(np.array([left, 1, 0]) / (1 + left))
    assert entropy(x[:, :2], context(other[:, :2]), of="normalised").notes == ()
    assert entropy(other, context(x), of="treated").values == pytest.approx(np.array([left, 1, 0]) / (1 + left))


REFUSED = {
    "a weight below 0": lambda x: given(x, context(x), values={"i0": 1.5, "i1": -0.5}),
    "entropy of a single figure below 0": lambda x: entropy(x, context(x), of="normalised"),
    "benefit of the doubt with a single figure below 0": lambda x: bod(x, context(x), low=0.0, high=1.0),
    "shares of at least 0.6 of two": lambda x: bod(x + 1, context(x), low=0.6, high=1.0),
}


@pytest.mark.parametrize("what", REFUSED)
def test_weights_that_are_not_defined_are_refused(what):
    with pytest.raises(SfbenchError):
        REFUSED[what](np.array([[1.0, 2], [3, -0.5]]))


def test_shares_that_leave_no_choice_are_equal_shares():
    """Halves of two: the weights of (1, 1) are s / 2 each, and (4, 1) scores 2.5 s with them, at most 1."""
    y = np.array([[4.0, 1], [1, 1], [1, 0]])
    for low, high in ((0.5, 1.0), (0.0, 0.5)):
        found = (bod(y, context(y), low=low, high=high).values * y).sum(axis=1)
        assert found == pytest.approx([1, 0.4, 0])


def test_a_weight_of_nought_takes_the_indicator_out_of_every_mean():
    """A figure of 0 with no weight makes no product 0, alone or as a pillar."""
    indicators = {"a": indicator(pillar="one"), "b": indicator(pillar="two"), "c": indicator(pillar="one")}
    weights = S("given", {"values": {"a": 0.5, "b": 0.0, "c": 0.5}})
    x = panel([[0.4, 0.0, 0.9], [0.9, 0.5, 0.4]], indicators)
    two = S("two_level", {"within": 0.0, "across": -1.0, "floor": 0.0})
    for kind in (S("geometric", {"floor": 0.0}), two):
        assert run(method(indicators, weights=weights, aggregate=kind), x).score == pytest.approx([0.6, 0.6])


def test_a_cap_on_a_pillar_without_figures_or_weight_caps_nothing():
    indicators = {"a": indicator(pillar="one"), "b": indicator(pillar="two")}
    capped = S("share_scoring", {"caps": {"two": 1.0}, "step": 1.0})
    own = method(indicators, aggregate=capped, empty=S("leave_out"))
    assert run(own, panel([[7.0, NAN], [9, NAN]], ["a", "b"])).score.tolist() == [7, 9]
    light = own.with_step("weights", S("given", {"values": {"a": 1.0, "b": 0.0}}))
    assert run(light, panel([[7.0, 50], [9, 60]], ["a", "b"])).score.tolist() == [7, 9]
