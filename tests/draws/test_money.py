"""Money is neither made nor lost: splits, instalments and rounding are exact in whole cents."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfbench.draws import instalment, round_significant, round_to, split
from sfbench.errors import SfbenchError

amounts = st.integers(-(10**17), 10**17)
exactly = settings(derandomize=True, max_examples=200, deadline=None)
rows = st.lists(st.tuples(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any)), max_size=12)
float_rows = st.lists(
    st.tuples(amounts, st.lists(st.floats(0, 1e12), min_size=1, max_size=8).filter(lambda w: max(w) > 1e-6)),
    max_size=12,
)


def ragged(lists, dtype):
    offsets = np.cumsum([0, *map(len, lists)])
    return np.array([x for one in lists for x in one], dtype), offsets


def largest_remainder(total, weights):
    """The textbook rule, in fractions."""
    quotas = [Fraction(abs(total) * w, sum(weights)) for w in weights]
    shares = [int(q) for q in quotas]
    order = sorted(range(len(weights)), key=lambda i: (shares[i] - quotas[i], i))
    for i in order[: abs(total) - sum(shares)]:
        shares[i] += 1
    return [s if total >= 0 else -s for s in shares]


@exactly
@given(rows)
def test_a_split_is_the_largest_remainder_rule(data):
    totals, weights = [t for t, _ in data], [w for _, w in data]
    values, offsets = ragged(weights, np.int64)
    shares = split(np.array(totals, np.int64), (values, offsets))
    expected = [s for t, w in data for s in largest_remainder(t, w)]
    assert shares.tolist() == expected


@exactly
@given(float_rows)
def test_a_split_by_any_weights_sums_to_its_total(data):
    values, offsets = ragged([w for _, w in data], np.float64)
    shares = split(np.array([t for t, _ in data], np.int64), (values, offsets))
    for r, (total, weights) in enumerate(data):
        mine = shares[offsets[r] : offsets[r + 1]].tolist()
        assert sum(mine) == total
        assert all(s == 0 for s, w in zip(mine, weights, strict=True) if w == 0)
        quota = [abs(total) * Fraction(w) / sum(map(Fraction, weights)) for w in weights]
        assert all(abs(abs(s) - q) <= 2 + abs(total) * 2.0**-27 for s, q in zip(mine, quota, strict=True))


@exactly
@given(float_rows)
def test_a_rows_split_does_not_depend_on_its_neighbours(data):
    values, offsets = ragged([w for _, w in data], np.float64)
    together = split(np.array([t for t, _ in data], np.int64), (values, offsets)).tolist()
    alone = [s for t, w in data for s in split([t], (np.array(w), np.array([0, len(w)]))).tolist()]
    assert together == alone


def test_a_row_of_large_integers_does_not_change_how_its_neighbour_is_split():
    small, large = np.array([1, 1, 1]), np.array([10**16, 3 * 10**16, 1])
    together = split([100, 10**9], np.array([small, large]))
    assert together.tolist() == [split([100], small[None])[0].tolist(), split([10**9], large[None])[0].tolist()]
    assert together[1].tolist() == [250_000_000, 750_000_000, 0]


def test_ties_go_to_the_first_and_matrices_keep_their_shape():
    assert split([100, 7, 0], np.array([[1, 1, 1], [1, 0, 3], [0, 0, 0]])).tolist() == [
        [34, 33, 33],
        [2, 0, 5],
        [0, 0, 0],
    ]
    assert split([5, 0, 3], (np.array([1, 1, 2]), np.array([0, 2, 2, 3]))).tolist() == [3, 2, 3]
    assert split(np.array([], np.int64), np.empty((0, 3))).shape == (0, 3)


@pytest.mark.parametrize("weights", [[[0, 0]], [[1, -1]], [[np.nan, 1]], [[1, 1], [1, 1]], np.empty((1, 0))])
def test_a_split_that_cannot_be_exact_is_refused(weights):
    with pytest.raises(SfbenchError):
        split([5], np.array(weights))


@exactly
@given(st.integers(0, 10**17), st.integers(1, 600))
def test_instalments_are_the_exact_floor_and_telescope(principal, n):
    k = np.arange(n + 1)
    paid = instalment(principal, n, k)
    assert paid.tolist() == [principal * i // n for i in range(n + 1)]
    steps = np.diff(paid)
    assert steps.sum() == principal
    assert steps.max() - steps.min() <= 1


@exactly
@given(amounts, st.sampled_from([1, 2, 5, 100, 10_000, 1_000_000]))
def test_rounding_is_to_the_nearest_unit_halves_away_from_zero(cents, unit):
    found = int(round_to(cents, unit))
    assert found % unit == 0
    assert 2 * abs(found - cents) <= unit
    assert found == -int(round_to(-cents, unit))
    assert round_to(cents, np.array([unit]))[0] == found


@exactly
@given(st.integers(0, 10**15), st.integers(1, 3), st.floats(0, 1, exclude_max=True))
def test_significant_rounding_takes_a_neighbour_of_few_digits(cents, digits, u):
    found = int(round_significant(cents, digits, u))
    assert len(str(found).rstrip("0")) <= digits
    unit = 10 ** max(len(str(cents)) - digits, 0)
    assert found in (cents // unit * unit, -(-cents // unit) * unit)
    assert int(round_significant(-cents, digits, u)) == -found


def test_significant_rounding_is_unbiased():
    u = (np.arange(1000) + 0.5) / 1000
    for cents in (123_456, 999_999, 500_000, 7, 10_001_000):
        assert round_significant(np.full(1000, cents), 2, u).mean() == pytest.approx(cents, rel=1e-4)
