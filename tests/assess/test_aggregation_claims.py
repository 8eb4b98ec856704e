"""What every aggregation says of itself: which contributions are a sum, what counts as level, how exact an order is."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.aggregate import KINDS
from sfbench.assess.aggregate.kemeny import kemeny
from sfbench.assess.aggregate.means import harmonic
from sfbench.assess.aggregate.voting import copeland

from .shared import context, method, panel

S = Step
OPTIONS = {
    "arithmetic": {},
    "geometric": {"floor": 0.0},
    "harmonic": {"floor": 0.0},
    "generalised": {"p": 2.0, "floor": 0.0},
    "two_level": {"within": 1.0, "across": 0.0, "floor": 0.0},
    "borda": {},
    "copeland": {"level": "half"},
    "kemeny": {},
    "topsis": {"normalisation": "vector"},
    "vikor": {"v": 0.5},
    "promethee_ii": {"preference": "usual", "q": None, "p": None},
    "share_scoring": {"caps": None, "step": 1.0},
}


def test_every_aggregation_is_looked_at():
    assert set(OPTIONS) == set(KINDS)


@pytest.mark.parametrize("kind", OPTIONS)
def test_contributions_sum_to_the_score_or_are_said_to_be_weighted_figures(kind):
    x = np.random.default_rng(6).uniform(1, 9, (5, 3))
    weights = {"i0": 0.2, "i1": 0.3, "i2": 0.5}
    own = method(list(weights), aggregate=S(kind, OPTIONS[kind]), weights=S("given", {"values": weights}))
    found = run(own, panel(x))
    assert found.additive == (kind in ("arithmetic", "borda"))
    if found.additive:
        assert found.contributions.sum(axis=1) == pytest.approx(found.base)
    else:
        assert found.contributions == pytest.approx(x * [*weights.values()])


def test_figures_between_nought_and_the_floor_count_as_the_floor_and_are_counted():
    x = np.array([[0.001, 1.0], [0.01, 1.0], [0.04, 1.0]])
    step = S("geometric", {"floor": 0.01})
    found = run(method(["i0", "i1"], aggregate=step), panel(x))
    assert found.score == pytest.approx([0.1, 0.1, 0.2])
    assert next(note.en for note in found.notes if note.step == "aggregate").startswith("1 figures below the floor")
    below = np.array([[-5.0, 0.5], [0.2, 0.2]])
    assert harmonic(below, np.full(2, 0.5), context(below), floor=0.1).score == pytest.approx([1 / 6, 0.2])


def test_sums_of_weights_that_differ_by_rounding_are_level_for_copeland():
    """0.1 + 0.2 is above 0.3, but the two sides of the vote weigh the same."""
    x, w = np.array([[1.0, 1, 0], [0, 0, 1]]), np.array([0.1, 0.2, 0.3])
    assert w[:2].sum() > w[2]
    assert copeland(x, w, context(x), level="half").score.tolist() == [0.5, 0.5]


def test_a_majority_of_weights_below_one_wins_for_copeland():
    x, w = np.array([[1.0, 0, 2], [0, 1, 1], [-1, -1, 0]]), np.array([0.3, 0.4, 0.3])
    assert copeland(x, w, context(x), level="half").score.tolist() == [2, 1, 0]


def test_up_to_eight_units_are_ordered_exactly_and_more_by_a_heuristic_that_says_how_near_it_is():
    """All agree: the order is theirs, nothing is tied, and the bound of agreement is reached."""
    for units in (7, 8, 9, 12):
        x = np.random.default_rng(units).permuted(np.arange(float(units)))[:, None] * np.ones(3)
        found = kemeny(x, np.full(3, 1 / 3), context(x))
        assert found.score.tolist() == x[:, 0].tolist()
        said = [note.en for note in found.notes]
        assert said == (
            [] if units <= 8 else ["heuristic order (more than 8 units), at 100.00% of an upper bound of agreement"]
        )


def test_of_units_that_nothing_tells_apart_the_heuristic_says_how_many_share_a_place():
    x = np.array([5.0, 4, 4, 4, 3, 2, 1, 0, -1, -2])[:, None]
    found = kemeny(x, np.ones(1), context(x))
    assert found.score.tolist() == [9, 7, 7, 7, 5, 4, 3, 2, 1, 0]
    assert "; 2 units share the place of another" in found.notes[0].en
    assert "at 100.00%" in found.notes[0].en  # half of each level pair agrees with any order


@pytest.mark.parametrize(
    ("figures", "step", "expected"),
    [
        ([132.3, 155.5, 151.2, 106.2, 47.3], 1.0, 119),  # 118.5, which floats make 118.49999999999999
        ([132.3, 155.5, 151.2, 106.2, 47.3], 10.0, 120),
        ([124.0] * 5, 10.0, 120),
        ([125.0] * 5, 10.0, 130),
        ([0.6] * 5, 0.25, 0.5),
    ],
)
def test_share_scores_are_rounded_half_up_to_a_multiple_of_the_step(figures, step, expected):
    own = method([f"i{i}" for i in range(5)], aggregate=S("share_scoring", {"caps": None, "step": step}))
    assert run(own, panel([figures])).score.tolist() == [expected]


def test_a_pillar_at_its_cap_is_not_said_to_be_capped():
    own = method(["i0"], aggregate=S("share_scoring", {"caps": {"all": 500.0}, "step": 1.0}))
    said = [[note.en for note in run(own, panel([[top], [7.0]])).notes] for top in (500.0, 501.0)]
    assert said == [[], ["all capped at 500 for 1 units"]]
