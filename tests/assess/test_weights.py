"""Weights, against pymcdm, textbook examples and their own definitions."""

from __future__ import annotations

import numpy as np
import pytest
from pymcdm.weights import critic_weights, entropy_weights
from scipy.optimize import linprog

from sfbench.assess import Step, run
from sfbench.assess.normalise.scale import min_max
from sfbench.assess.weights.ahp import ahp, consistency, judgements
from sfbench.assess.weights.bod import bod
from sfbench.assess.weights.correlation import correlation_deduplicated, correlations, pca, varimax
from sfbench.assess.weights.given import hierarchical_equal, pillars
from sfbench.assess.weights.information import critic, entropy
from sfbench.errors import SfbenchError

from .shared import context, indicator, method, panel

X = np.exp(np.random.default_rng(4).normal(size=(30, 6)))


def test_entropy_weights_are_those_of_pymcdm():
    np.testing.assert_allclose(entropy(X, context(X), of="normalised").values, entropy_weights(X), rtol=1e-12)


def test_critic_weights_are_those_of_pymcdm():
    np.testing.assert_allclose(critic(X, context(X)).values, critic_weights(X), rtol=1e-12)


def test_critic_takes_the_direction_into_its_conflicts():
    turned = X * [1, -1, 1, 1, 1, 1]
    expected = critic_weights(turned)  # pymcdm has no direction: hand it the turned column
    found = critic(X, context(X, sign=np.array([1.0, -1, 1, 1, 1, 1]))).values
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_constant_column_has_no_weight_and_a_note():
    x = np.column_stack([X[:, :2], np.full(30, 3.0)])
    for found in (entropy(x, context(x), of="treated"), critic(x, context(x))):
        assert found.values[2] == 0
        assert "i2" in found.notes[0].en


def test_a_constant_column_conflicts_with_none_and_moves_no_critic_weight():
    x = np.column_stack([X[:, :3], np.full(30, 3.0)])
    np.testing.assert_allclose(critic(x, context(x)).values[:3], critic_weights(X[:, :3]), rtol=1e-12)


def test_one_column_alone_has_no_conflict_and_no_critic_weight():
    x = np.column_stack([X[:, :1], np.full(30, 3.0)])
    with pytest.raises(SfbenchError, match="no indicator says what others do not"):
        critic(x, context(x))


@pytest.mark.parametrize("rule", [lambda x, c: entropy(x, c, of="treated"), critic])
def test_units_that_are_all_alike_have_no_information_weights(rule):
    with pytest.raises(SfbenchError, match="no indicator tells the units apart"):
        rule(np.ones((5, 3)), context(np.ones((5, 3))))


# Saaty (1980), the choice of a school: learning, friends, school life, training, preparation, music
SCHOOL = {
    "i0": {"i1": 4, "i2": 3, "i3": 1, "i4": 3, "i5": 4},
    "i1": {"i2": 7, "i3": 3, "i4": 1 / 5, "i5": 1},
    "i2": {"i3": 1 / 5, "i4": 1 / 5, "i5": 1 / 6},
    "i3": {"i4": 1, "i5": 1 / 3},
    "i4": {"i5": 3},
}


def test_ahp_gives_saatys_school_example_and_says_that_it_contradicts_itself():
    found = ahp(X, context(X), comparisons=SCHOOL, by="eigenvector")
    assert found.values == pytest.approx([0.32, 0.14, 0.03, 0.13, 0.24, 0.14], abs=0.006)
    ratio = consistency(judgements(SCHOOL, tuple(f"i{i}" for i in range(6))))
    assert ratio == pytest.approx(0.24, abs=0.015)  # printed 0.24, from an eigenvalue printed as 7.49
    assert f"consistency ratio {ratio:.3f} is above 0.1" in found.notes[0].en


def test_consistent_comparisons_give_their_weights_back_by_both_ways():
    w = np.array([0.5, 0.3, 0.2])
    pairs = {"i0": {"i1": 5 / 3, "i2": 2.5}, "i2": {"i1": 2 / 3}}
    for by in ("eigenvector", "geometric"):
        found = ahp(X[:, :3], context(X[:, :3]), comparisons=pairs, by=by)
        assert found.values == pytest.approx(w)
        assert [note.en for note in found.notes] == ["consistency ratio 0.000"]
    assert consistency(judgements(pairs, ("i0", "i1", "i2"))) == pytest.approx(0, abs=1e-12)


def test_a_pair_that_is_missing_or_given_twice_is_named():
    with pytest.raises(SfbenchError, match="i1-i2"):
        judgements({"i0": {"i1": 2, "i2": 2}}, ("i0", "i1", "i2"))
    with pytest.raises(SfbenchError, match="twice"):
        judgements({"i0": {"i1": 2}, "i1": {"i0": 2}}, ("i0", "i1"))


@pytest.mark.parametrize(("retain", "limit"), [("count", 2.5), ("explained_share", 1.5)])
def test_principal_components_are_kept_by_a_limit_of_their_kind(retain, limit):
    with pytest.raises(SfbenchError, match="does not go with retain"):
        pca(X, context(X), retain=retain, limit=limit, rotation="none")


def test_pillars_share_out_before_indicators_do():
    c = context(X[:, :3], pillars=("size", "size", "risk"))
    assert hierarchical_equal(X[:, :3], c).values == pytest.approx([0.25, 0.25, 0.5])
    assert pillars(X[:, :3], c, values={"size": 0.8, "risk": 0.2}).values == pytest.approx([0.4, 0.4, 0.2])


def test_principal_components_weigh_by_squared_loadings():
    """Two independent pairs of alike indicators: two components, and the same weight for all four."""
    rng = np.random.default_rng(0)
    a, b = np.linalg.qr(rng.normal(size=(50, 3)) - 0)[0][:, :2].T
    a, b = a - a.mean(), b - b.mean()
    b -= a * (a @ b) / (a @ a)
    x = np.column_stack([a, 2 * a, b, 3 * b])
    found = pca(x, context(x), retain="eigenvalue_above", limit=1.0, rotation="varimax").values
    assert found == pytest.approx([0.25] * 4)


def test_varimax_turns_and_does_not_stretch():
    values, vectors = np.linalg.eigh(correlations(X))
    loadings = vectors[:, -3:] * np.sqrt(values[-3:])
    turned = varimax(loadings)
    np.testing.assert_allclose((turned**2).sum(axis=1), (loadings**2).sum(axis=1), rtol=1e-10)  # communalities stay

    def simplicity(matrix):
        unit = matrix / np.sqrt((loadings**2).sum(axis=1, keepdims=True))
        return (unit**2).var(axis=0).sum()

    rng = np.random.default_rng(1)
    others = (loadings @ np.linalg.qr(rng.normal(size=(3, 3)))[0] for _ in range(300))
    assert simplicity(turned) >= max(map(simplicity, others)) - 1e-4


def test_only_correlations_above_the_threshold_are_repetition():
    x = np.column_stack([X[:, 0], X[:, 0] * 2, -X[:, 0], X[:, 1]])
    found = correlation_deduplicated(x, context(x), threshold=0.9).values
    assert found == pytest.approx(np.array([0.5, 0.5, 1, 1]) / 3)  # a mirror image repeats nothing


def test_benefit_of_the_doubt_is_the_linear_programme_of_its_definition():
    y = min_max(X, context(X)) + 0.01
    low, high = 0.02, 0.4
    found = bod(y, context(y), low=low, high=high).values
    for own, weights in zip(y, found, strict=True):
        shares = weights * own / (weights @ own)
        assert (shares >= low - 1e-9).all() and (shares <= high + 1e-9).all()
        assert (y @ weights).max() <= 1 + 1e-9
        rows = [y, np.diag(own) - high * own[None], low * own[None] - np.diag(own)]
        best = linprog(-own, A_ub=np.vstack(rows), b_ub=np.r_[np.ones(len(y)), np.zeros(2 * len(own))])
        assert weights @ own == pytest.approx(-best.fun, rel=1e-8)


def test_benefit_of_the_doubt_puts_a_unit_on_the_frontier_at_one():
    result = run(
        method(["a", "b"], weights=Step("bod", {"low": 0.0, "high": 1.0})),
        panel([[1, 0.2], [0.2, 1], [0.5, 0.5]], "ab"),
    )
    assert result.score == pytest.approx([1, 1, 0.5 / 0.6])
    assert result.ties == (("U0", "U1"),)


def test_a_figure_of_zero_cannot_hold_a_share_from_below():
    y = np.array([[1.0, 0], [0.5, 0.5], [0, 0]])
    free, bound = (bod(y, context(y), low=low, high=1.0) for low in (0.0, 0.2))
    assert (free.values * y).sum(axis=1) == pytest.approx([1, 1, 0])
    assert (bound.values * y).sum(axis=1) == pytest.approx([0, 1, 0])
    assert bound.notes[0].en.startswith("2 units score 0")


def test_shares_that_cannot_sum_to_one_are_refused():
    with pytest.raises(SfbenchError, match="cannot sum to 1"):
        bod(X, context(X), low=0.0, high=0.1)


def test_weights_given_for_an_indicator_without_figures_are_rescaled_with_a_note():
    x = np.array([[1.0, 5, np.nan], [2, 3, np.nan]])
    steps = {"weights": Step("given", {"values": {"a": 0.2, "b": 0.3, "c": 0.5}}), "empty": Step("leave_out")}
    result = run(method({name: indicator() for name in "abc"}, **steps), panel(x, "abc"))
    assert result.weights[0] == pytest.approx([0.4, 0.6])
    assert [note.step for note in result.notes] == ["empty", "weights"]
