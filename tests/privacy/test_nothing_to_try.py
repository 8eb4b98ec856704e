"""An attack that could find nobody clears no copy: where held-out firms are met in all columns, nothing is nearer."""

import numpy as np
import pytest

from sfbench import privacy
from sfbench.privacy import Frame
from sfbench.privacy.canaries import sing
from sfbench.privacy.scale import nearest
from sfbench.synth import card
from tests.privacy.conftest import coded

LIMITS = card.thresholds()["privacy"]
BY_NEARNESS = ["membership_density", "near_copies", "nearest_ratio", "rare_firms"]
CASES = [(4, name) for name in BY_NEARNESS] + [(8, "near_copies"), (1, "membership_insider"), (1, "membership_shadow")]


def of_the_learned_table(columns, attack):
    """The attack on a copy that is the learned table itself."""
    random = np.random.default_rng(1)
    train, holdout = (coded(random, 2500, columns) for _ in range(2))
    return privacy.attacked(privacy.case(train, holdout, train.take(random.permutation(2500))), [attack])[0]


@pytest.mark.parametrize(("columns", "attack"), CASES)
def test_where_held_out_firms_are_met_there_is_nothing_to_try(columns, attack):
    found = of_the_learned_table(columns, attack)
    assert (found.tries, found.control_tries, found.seen_from()) == (0, 0, 1.0)
    figure = card.of_attack(found, LIMITS[attack])
    assert figure.verdict == "not judged" and "nothing to try" in figure.en


@pytest.mark.parametrize("attack", BY_NEARNESS)
def test_where_they_are_not_met_the_copy_is_caught(attack):
    assert of_the_learned_table(12, attack).risk_low > 0.5


def test_canaries_are_not_heard_where_decoys_are_met():
    random = np.random.default_rng(2)
    canaries, decoys, original = (coded(random, rows, 2) for rows in (100, 100, 2500))
    assert sing(canaries, decoys, original, original).tries == 0


def test_a_firm_with_a_double_is_not_singled_out_and_not_rare():
    """Two firms alike, held by a copy: the ratio of their distances is 0 by 0, and neither lies far from all others."""
    random = np.random.default_rng(3)
    alone = Frame({f"n{at}": random.random(600) for at in range(4)}, {})
    train, holdout = (part.take(np.repeat(np.arange(300), 2)) for part in (alone, alone.take(np.arange(300, 600))))
    found = {
        o.attack: o for o in privacy.attacked(privacy.case(train, holdout, train), ["nearest_ratio", "rare_firms"])
    }
    assert found["nearest_ratio"].value == 0
    assert found["rare_firms"].tries == 0


def test_equal_points_are_nothing_apart_in_however_many_columns():
    points = np.random.default_rng(4).random((300, 200)).astype(np.float32)
    distances, rows = nearest(points, points)
    assert (distances == 0).all() and (rows[:, 0] == np.arange(300)).all()
