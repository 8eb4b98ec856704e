"""What is learned on a copy is set against what the original teaches, if that teaches anything."""

import math

import numpy as np
import pytest

from sfbench.privacy import Frame

utility = pytest.importorskip("sfbench.synth.utility")
pytest.importorskip("sklearn")

FIRMS = 600


def firms(seed, signal):
    """Firms of two columns; `signal` is how much the first one says of who has credit."""
    random = np.random.default_rng(seed)
    known, other = random.standard_normal((2, FIRMS))
    has = signal * known + random.standard_normal(FIRMS) > 0.5
    return Frame({"known": known, "other": other, "loan: rows": has.astype(float)}, {})


def gain(signal, copy):
    return utility.figures(firms(1, signal), firms(2, signal), copy)["credit_access"]


def test_a_copy_that_teaches_the_same_loses_nothing():
    assert gain(2, firms(3, 2)) == pytest.approx(0, abs=0.03)


def test_a_copy_that_teaches_nothing_loses_all_there_is():
    assert gain(2, firms(3, 0)) < -0.2


def test_where_the_original_teaches_nothing_a_copy_is_not_judged():
    """The difference of two areas that are both chance: it called every other copy useless, or better."""
    found = [
        utility.figures(firms(10 * seed, 0), firms(10 * seed + 1, 0), firms(10 * seed + 2, 0))["credit_access"]
        for seed in range(12)
    ]
    assert sum(math.isnan(one) for one in found) >= 10


def test_the_spread_of_chance_is_that_of_a_score_without_sense():
    random = np.random.default_rng(4)
    true = (np.arange(200) < 60).astype(np.int64)
    ranks = np.argsort(np.argsort(random.random((4000, 200)), axis=1), axis=1) + 1
    areas = (ranks[:, :60].sum(axis=1) - 60 * 61 / 2) / (60 * 140)
    assert utility._by_chance(true) == pytest.approx(areas.std(), rel=0.05)
