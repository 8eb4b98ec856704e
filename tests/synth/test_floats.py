"""Floats are drawn as they were written: a share below one is no zero, and cents stay cents."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth.columns import decode, fit


def drawn(values):
    """As many values as there are, drawn from the bins that they give."""
    column = pa.array(values)
    coding, codes = fit("x", column, np.arange(len(values)), 10)
    within = (np.random.default_rng(1).permutation(len(values)) + 0.5) / len(values)
    return np.asarray(decode(coding, codes, within), np.float64)


@pytest.mark.parametrize("largest", [0.01, 0.9, 1.0])
@pytest.mark.parametrize("places", [4, 12])
def test_shares_below_one_are_not_drawn_as_zero(largest, places):
    """Each was taken for a multiple of a billion, as it is nearly none of them."""
    values = np.round(np.random.default_rng(2).uniform(largest / 2, largest, 2000), places)
    made = drawn(values)
    assert made.mean() == pytest.approx(values.mean(), rel=0.02)
    assert made.min() > largest / 3


@pytest.mark.parametrize("places", [1, 2, 4])
@pytest.mark.parametrize("sign", [1, -1])
def test_decimals_that_a_column_was_written_with_are_kept(places, sign):
    values = sign * np.round(np.random.default_rng(3).lognormal(8, 2, 3000), places)
    made = drawn(values)
    assert all(value == round(value, places) for value in made.tolist())
    assert len(np.unique(made)) > 1000


def test_zeros_among_shares_stay_zero():
    made = drawn(np.r_[np.zeros(500), np.random.default_rng(4).uniform(0.2, 0.4, 500)])
    assert (made == 0).sum() == 500 and made[made > 0].min() > 0.1


def test_floats_of_any_places_are_drawn_within_a_thousandth_of_their_bin():
    values = np.random.default_rng(5).normal(0, 1, 2000)
    made = drawn(values)
    assert made.std() == pytest.approx(values.std(), rel=0.05) and len(np.unique(made)) > 1900
