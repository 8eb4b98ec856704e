"""Positive controls fire, and an independent draw of the same world stays at chance (S24 of the bench's design)."""

import numpy as np
import pytest

from sfbench import privacy
from sfbench.privacy import Frame
from tests.privacy.conftest import learned_and_held_out, mixed

EVERY = [name for name in privacy.attack_names() if name != "copied_rows"]  # which has tests of its own
FEW_TRIES = "rare_combinations"


@pytest.mark.parametrize("attack", EVERY)
def test_an_independent_draw_stays_at_chance(outcomes, attack):
    found = outcomes["independent draw"][attack]
    assert found.tries > 100
    assert found.risk_low == 0
    assert found.risk < 0.05 or attack == FEW_TRIES


def test_rare_combinations_of_an_independent_draw_stay_at_chance_on_the_mean(whole, independent):
    """Some 250 tries: which firms were learned moves the gain by 0.05 and more, so four cuts are looked at."""
    cuts = [learned_and_held_out(whole, seed) for seed in range(4)]
    found = [privacy.attacked(privacy.case(*cut, independent), [FEW_TRIES])[0] for cut in cuts]
    assert [outcome.risk_low for outcome in found] == [0] * 4
    assert np.mean([outcome.risk for outcome in found]) < 0.05


@pytest.mark.parametrize("attack", EVERY)
def test_a_bootstrap_copy_is_caught(outcomes, attack):
    found = outcomes["bootstrap copy"][attack]
    assert found.risk_low > 0.2


@pytest.mark.parametrize("attack", [name for name in EVERY if name != "exact_copies"])
def test_a_copy_with_two_per_cent_noise_is_caught(outcomes, attack):
    assert outcomes["copy with 2 % noise"][attack].risk_low > 0.1


@pytest.mark.parametrize("attack", [name for name in EVERY if name != "exact_copies"])
def test_a_memorising_model_is_caught(outcomes, attack):
    assert outcomes["memorising model"][attack].risk_low > 0.03


def test_a_noisy_copy_has_no_exact_rows_so_that_alone_is_no_gate(outcomes):
    assert outcomes["copy with 2 % noise"]["exact_copies"].value == 0


def test_half_a_per_cent_of_copied_firms_is_caught_though_the_mean_hides_it(outcomes):
    found = outcomes["0.5 % copied"]
    assert found["exact_copies"].risk_low > 0
    assert found["closer_to_learned"].risk_low == 0


def test_one_per_cent_of_near_copies_is_caught_by_the_tail(outcomes):
    found = outcomes["1 % near copies"]
    assert found["exact_copies"].value == 0
    assert found["near_copies"].risk_low > 0
    assert found["closer_to_learned"].risk_low == 0


@pytest.mark.parametrize("attack", ["exact_copies", "near_copies", "nearest_ratio", "k_map"])
def test_many_rows_of_one_firm_are_one_firm(original, independent, attack):
    """An independent draw, in which one learned firm stands 25 times: that is one firm, not a hundredth of the copy."""
    train, holdout = original
    twenty_five = mixed(independent, train.take(np.zeros(25, np.int64)), 25)
    found = privacy.attacked(privacy.case(train, holdout, twenty_five, seed=3), [attack])[0]
    one = privacy.attacked(privacy.case(train, holdout, mixed(independent, train, 1), seed=3), [attack])[0]
    assert found.risk_low == 0
    assert abs(found.value * found.tries - one.value * one.tries) <= 3  # the 24 rows that one stands in for


def test_the_secrets_of_a_firm_are_one_try(outcomes):
    found = outcomes["bootstrap copy"]["attribute_inference"]
    assert found.tries == 1500  # firms, each with four secrets
    assert (found.low, found.high) == privacy.wilson(found.value * 1500, 1500)


def closer(train, holdout, copy):
    """The outcome of closer_to_learned."""
    return privacy.attacked(privacy.case(train, holdout, copy, seed=3), ["closer_to_learned"])[0]


def test_rows_that_share_their_nearest_firm_count_once(original):
    """A copy of one firm twenty times over says of one firm which half it is in: that is no proof of a leak."""
    train, holdout = original
    found = closer(train, holdout, train.take(np.zeros(20, np.int64)))
    assert (found.value, found.tries, found.risk_low) == (1.0, 1, 0)


def test_a_copy_far_from_all_firms_shows_no_leak_by_distance(whole, independent):
    """Firms larger than any there is: a few large ones are nearest to them all, and lie on one side or the other."""
    largest = {name: np.full_like(column, 2 * np.nanmax(column)) for name, column in independent.numbers.items()}
    found = [closer(*learned_and_held_out(whole, cut), Frame(largest, independent.words)) for cut in range(20)]
    off = [(one.value - 0.5) * 2 * np.sqrt(one.tries) for one in found]  # in standard deviations of so many lots
    assert max(one.tries for one in found) < independent.rows / 5
    assert abs(np.mean(off)) < 0.6 and 0.6 < np.std(off) < 1.4
    assert sum(one.risk_low > 0 for one in found) <= 1  # one in 280 would be due
