"""What must not move a result, and what must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kendalltau

from sfbench.assess import Step, run

from .shared import indicator, method, panel

S = Step
NAMES = ("i0", "i1", "i2", "i3")
SIGNS = ("up", "down", "up", "up")
PIPELINES = {
    "z": {"normalise": S("z", {"ddof": 1})},
    "min_max_geometric": {"normalise": S("min_max"), "aggregate": S("geometric", {"floor": 0.01})},
    "percentile_harmonic": {"normalise": S("percentile"), "aggregate": S("harmonic", {"floor": 0.001})},
    "winsorised": {
        "outliers": S("winsorise_skew_kurtosis", {"skewness": 2.0, "kurtosis": 3.5, "at_most": 3}),
        "normalise": S("min_max"),
    },
    "critic": {"normalise": S("min_max"), "weights": S("critic")},
    "pca": {
        "normalise": S("z", {"ddof": 1}),
        "weights": S("pca", {"retain": "explained_share", "limit": 0.7, "rotation": "varimax"}),
    },
    "deduplicated": {
        "normalise": S("z", {"ddof": 1}),
        "weights": S("correlation_deduplicated", {"threshold": 0.5}),
    },
    "bod": {"normalise": S("min_max"), "weights": S("bod", {"low": 0.0, "high": 0.5})},
    "borda": {"normalise": S("none"), "aggregate": S("borda")},
    "copeland": {"normalise": S("none"), "aggregate": S("copeland", {"level": "half"})},
    "kemeny": {"normalise": S("none"), "aggregate": S("kemeny")},
    "topsis": {"normalise": S("none"), "aggregate": S("topsis", {"normalisation": "vector"})},
    "vikor": {"normalise": S("none"), "aggregate": S("vikor", {"v": 0.5})},
    "promethee": {
        "normalise": S("z", {"ddof": 0}),
        "aggregate": S("promethee_ii", {"preference": "vshape_2", "q": 0.2, "p": 1.0}),
    },
    "horizontal": {
        "normalise": S("horizontal", {"deviation": "relative", "points": ((-1.0, 0.0), (1.0, 100.0))}),
    },
}


def made(names=NAMES, signs=SIGNS, **steps):
    return method({name: indicator(direction=sign) for name, sign in zip(names, signs, strict=True)}, **steps)


def figures(units=8, seed=5):
    return np.exp(np.random.default_rng(seed).normal(size=(units, 4)))


@pytest.mark.parametrize("name", PIPELINES)
def test_the_unit_of_an_indicator_does_not_matter(name):
    x = figures()
    plain, scaled = (run(made(**PIPELINES[name]), panel(x * factor)) for factor in (1, np.array([1e4, 1, 1e-3, 7])))
    np.testing.assert_allclose(scaled.score, plain.score, rtol=1e-9, atol=1e-9)
    assert (scaled.rank == plain.rank).all()


@pytest.mark.parametrize("name", PIPELINES)
def test_the_order_of_units_does_not_matter(name):
    x, order = figures(), np.random.default_rng(2).permutation(8)
    plain, moved = (run(made(**PIPELINES[name]), panel(part)) for part in (x, x[order]))
    np.testing.assert_allclose(moved.score, plain.score[order], rtol=1e-9, atol=1e-9)
    assert (moved.rank == plain.rank[order]).all()


@pytest.mark.parametrize("name", PIPELINES)
def test_the_order_of_indicators_does_not_matter(name):
    x, order = figures(), [2, 0, 3, 1]
    plain = run(made(**PIPELINES[name]), panel(x))
    names, signs = ([part[i] for i in order] for part in (NAMES, SIGNS))
    moved = run(made(names, signs, **PIPELINES[name]), panel(x[:, order], names))
    np.testing.assert_allclose(moved.score, plain.score, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(moved.contributions, plain.contributions[:, order], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", sorted(set(PIPELINES) - {"horizontal", "topsis"}))
def test_a_better_figure_never_lowers_a_unit_that_was_first(name):
    """Holds for weights that do not look at the figures; those that do may punish, so equal weights here."""
    steps = {step: choice for step, choice in PIPELINES[name].items() if step != "weights"}
    x = figures()
    first = int(np.argmin(run(made(**steps), panel(x)).rank))
    better = x.copy()
    better[first] *= [1.5, 0.7, 1.2, 1.1]
    assert run(made(**steps), panel(better)).rank[first] == 1


def latent(seed):
    """(latent quality, three informative indicators and one of size) of 40 banks."""
    rng = np.random.default_rng(seed)
    quality, size = rng.normal(size=(2, 40))
    return quality, np.column_stack([quality[:, None] + rng.normal(size=(40, 3)), size])


def tau_with_clones(weights, clones, seed):
    quality, x = latent(seed)
    x = np.column_stack([x, *[x[:, 3]] * clones])
    names = [f"i{i}" for i in range(x.shape[1])]
    steps = {"normalise": S("z", {"ddof": 1}), "weights": weights}
    return kendalltau(run(method(names, **steps), panel(x)).score, quality)[0]


def test_a_cloned_indicator_moves_equal_weights_and_hardly_moves_deduplicated_ones():
    """S15: size counted four times. Mean Kendall's tau with latent quality over 20 worlds."""
    equal, single = S("equal"), S("correlation_deduplicated", {"threshold": 0.6})
    loss = {
        step.kind: np.mean([tau_with_clones(step, 0, s) - tau_with_clones(step, 3, s) for s in range(20)])
        for step in (equal, single)
    }
    assert loss["equal"] > 0.15
    assert abs(loss["correlation_deduplicated"]) < 0.02


def test_a_clone_shares_its_weight_and_leaves_the_others_theirs():
    _, x = latent(1)
    steps = {"normalise": S("z", {"ddof": 1}), "weights": S("correlation_deduplicated", {"threshold": 0.9})}
    one = run(method(NAMES, **steps), panel(x))
    two = run(method([*NAMES, "i4"], **steps), panel(np.column_stack([x, x[:, 3]])))
    np.testing.assert_allclose(two.weights[0], [*one.weights[0, :3], *[one.weights[0, 3] / 2] * 2])
    np.testing.assert_allclose(two.score, one.score)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float64, (6, 4), elements=st.floats(-1e6, 1e6, width=32)))
def test_scores_are_finite_and_ranks_agree_with_them_whatever_the_figures(x):
    for name in ("z", "winsorised", "borda", "copeland", "deduplicated"):
        result = run(made(**PIPELINES[name]), panel(x))
        assert np.isfinite(result.score).all()
        above = (result.score[None] > result.score[:, None] + 1e-9 * np.abs(result.score).max()).sum(axis=1)
        assert (result.rank >= above + 1).all()
        assert {1} <= set(result.rank.tolist()) <= set(range(1, 7))
