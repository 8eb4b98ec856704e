"""Membership by shadow models: what the attacker may look at, and what happens where he cannot run the method."""

import numpy as np
import pytest

from sfbench import privacy
from sfbench.errors import SfbenchError
from sfbench.privacy.attacks.membership_shadow import MOST, SHADOWS
from tests.privacy.conftest import drawn

LEAKY = ("bootstrap copy", "copy with 2 % noise", "memorising model")


def shadow(original, copy, **wish):
    train, holdout = original
    return privacy.attacked(privacy.case(train, holdout, copy, seed=3, **wish), ["membership_shadow"])[0]


def test_shadows_learn_halves_of_half_of_the_held_out_firms(original, independent):
    seen = []

    def refit(rows, seed):
        seen.append((rows, seed))
        return drawn(original[1].take(rows))

    shadow(original, independent, refit=refit)
    rows = [set(one.tolist()) for one, _ in seen]
    his = original[1].rows // 2
    assert [len(one) for one in rows] == [his // 2] * SHADOWS
    assert his // 2 <= MOST and len(set.union(*rows)) <= his
    assert len({seed for _, seed in seen}) == SHADOWS


def test_an_attacker_who_takes_a_safe_method_for_one_that_copies_finds_nobody(original, independent):
    found = shadow(original, independent, refit=lambda rows, seed: drawn(original[1].take(rows)))
    assert found.risk_low == 0 and found.risk < 0.05


@pytest.mark.parametrize("name", LEAKY)
def test_shadows_of_a_stand_in_catch_leaks_too_and_the_outcome_says_whose_they_are(original, copies, name):
    found = shadow(original, copies[name], no_refit=("nobody knows it", "无人知晓"))
    assert found.risk_low > 0.03
    assert "nobody knows it" in found.en and "无人知晓" in found.zh


def test_shadows_of_a_stand_in_leave_an_independent_draw_alone(original, independent):
    found = shadow(original, independent)
    assert found.risk_low == 0 and found.risk < 0.05


def test_a_method_that_cannot_be_fitted_again_gives_way_to_the_stand_in(original, copies):
    def refit(rows, seed):
        raise SfbenchError("this method needs SDV")

    found = shadow(original, copies["bootstrap copy"], refit=refit)
    assert found.risk_low > 0.2 and "this method needs SDV" in found.en


def test_a_method_fitted_again_must_make_the_columns_of_the_copy(original, independent):
    def refit(rows, seed):
        return original[1].take(rows).only(original[1].columns[:3])

    assert "other columns" in shadow(original, independent, refit=refit).en


def test_the_same_seed_gives_the_same_outcome(original, copies):
    one, other = (shadow(original, copies["memorising model"]) for _ in range(2))
    assert one == other


def test_few_firms_do_not_crash_it():
    frame = privacy.Frame({"a": np.arange(20.0)}, {})
    assert np.isfinite(shadow((frame, frame), frame).risk)
