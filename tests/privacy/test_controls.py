"""Positive controls fire, and an independent draw of the same world stays at chance (S24 of the bench's design)."""

import pytest

from sfbench import privacy

EVERY = privacy.attack_names()
FINDS_A_COPY = [name for name in EVERY if name not in ("rare_firms", "membership_density")]


@pytest.mark.parametrize("attack", EVERY)
def test_an_independent_draw_stays_at_chance(outcomes, attack):
    found = outcomes["independent draw"][attack]
    assert found.tries > 100
    assert found.risk_low == 0
    assert found.risk < 0.05


@pytest.mark.parametrize("attack", EVERY)
def test_a_bootstrap_copy_is_caught(outcomes, attack):
    found = outcomes["bootstrap copy"][attack]
    assert found.risk_low > 0.2


@pytest.mark.parametrize("attack", [name for name in EVERY if name != "exact_copies"])
def test_a_copy_with_two_per_cent_noise_is_caught(outcomes, attack):
    assert outcomes["copy with 2 % noise"][attack].risk_low > 0.1


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
