"""Figures and options at the edge of a step's definition: the definition holds there, or an error or a note says so."""

from __future__ import annotations

from decimal import Decimal, getcontext

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.aggregate.means import power_mean
from sfbench.assess.bands import Band
from sfbench.assess.normalise.scale import share_of_total
from sfbench.assess.weights.bod import bod
from sfbench.assess.weights.correlation import correlation_deduplicated
from sfbench.assess.weights.information import critic
from sfbench.errors import SfbenchError

from .shared import context, method, panel


def exact_mean(figures: list[float], weights: list[float], p: float) -> float:
    """(sum(w x^p))^(1/p) with 60 digits, weights scaled to sum 1."""
    getcontext().prec = 60
    total = sum(map(Decimal, weights))
    powers = [Decimal(w) / total * Decimal(x) ** Decimal(p) for w, x in zip(weights, figures, strict=True)]
    return float(sum(powers) ** (1 / Decimal(p)))


@pytest.mark.parametrize("p", [-50.0, -1e-3, -1e-12, -1e-15, 1e-17, 1e-15, 1e-12, 1e-6, 0.5, 1.0, 50.0])
def test_a_mean_of_any_power_is_exact_however_near_the_geometric_one(p):
    """Powers of 1e-17 are all 1 in floats, of which the root made the largest figure."""
    figures, weights = [0.2, 0.9, 0.4], [0.1, 0.2, 0.7]
    found = power_mean(np.array([figures]), np.array(weights), p)
    assert found[0] == pytest.approx(exact_mean(figures, weights, p), rel=1e-13)


def test_a_figure_of_next_to_no_weight_keeps_its_part():
    assert power_mean(np.array([[1.0, 0.0]]), np.array([1e-17, 1.0]), 1.0)[0] == pytest.approx(1e-17)


def test_a_copy_is_a_repetition_at_the_highest_threshold():
    """Its correlation is 1 but for the rounding of sums."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        one, other = rng.random((2, 7))
        x = np.column_stack([one, 3.3 * one + 2, other])
        weights = correlation_deduplicated(x, context(x), threshold=1.0).values
        np.testing.assert_allclose(weights, [0.25, 0.25, 0.5])


def test_indicators_that_are_copies_have_no_conflict_to_be_weighed_by():
    """What rounding leaves of 1 - r gave one of three copies all the weight, or two of them half of it each."""
    rng = np.random.default_rng(0)
    for _ in range(20):
        one = rng.random(7)
        x = np.column_stack([one, 2 * one + 1, 0.7 * one])
        with pytest.raises(SfbenchError, match="no indicator says what others do not"):
            critic(x, context(x))


def test_what_rounding_left_of_a_zero_has_no_share():
    """As with a 0 in its place; the programme of the ratio 10^16 had no solution."""
    x = np.array([[1.0, 1e-16], [0.5, 1.0], [1e-16, 0.3]])
    score = (bod(x, context(x), low=0.0, high=1.0).values * x).sum(axis=1)
    np.testing.assert_allclose(score, [1, 1, 0.3], atol=1e-9)


def test_of_two_losses_the_larger_has_no_larger_share():
    x = np.array([[-1.0, 2], [-3, 6]])
    np.testing.assert_array_equal(share_of_total(x, context(x), points=100.0), [[np.nan, 25], [np.nan, 75]])


def test_bands_that_end_below_the_highest_one_are_an_error():
    bands = (Band("a", "甲", "A", 60.0), Band("b", "乙", "B", 0.0))
    own = method(["i0"], bands=Step("cutoffs", {"bands": bands, "end": 50.0}))
    with pytest.raises(SfbenchError, match="the highest band begins at 60, and bands end at 50"):
        run(own, panel([[70.0], [20.0]]))


def test_the_peer_group_that_a_step_is_not_defined_for_is_named():
    own = method(["i0"], aggregate=Step("vikor", {"v": 0.5}), peers=Step("apart"))
    with pytest.raises(SfbenchError) as caught:
        run(own, panel([[1.0], [2], [3]], groups=["many", "many", "single"]))
    assert "peer group single" in caught.value.why


def test_a_peer_group_of_one_is_in_the_middle_of_every_scale_and_is_named():
    own = method(["i0"], normalise=Step("min_max"), peers=Step("normalise_within"))
    found = run(own, panel([[1.0], [2], [3]], groups=["many", "many", "single"]))
    assert found.score.tolist() == [0, 1, 0.5]
    assert [note.en for note in found.notes if note.step == "peers"] == [
        "one unit alone, and level with itself: single"
    ]
