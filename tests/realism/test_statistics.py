"""Statistics against values worked out by hand or known in closed form."""

import numpy as np
import pytest

from sfbench.realism.statistics import (
    BENFORD,
    benford_distance,
    cramers_v,
    first_digits,
    gini,
    hill,
    irr,
    kaplan_meier,
    log_sd,
    round_share,
    spearman,
    survivor,
    top_share,
)


@pytest.mark.parametrize("alpha", [0.8, 1.06, 2.0])
def test_hill_finds_the_exponent_of_a_pareto_law(alpha):
    x = (1 - (np.arange(100_000) + 0.5) / 100_000) ** (-1 / alpha)
    assert hill(x, 0.05)[0] == pytest.approx(alpha, rel=0.01)


def test_hill_of_a_constant_has_no_value():
    assert hill(np.ones(1000), 0.1) == (None, 100)


def test_log_sd_ignores_what_is_not_positive():
    assert log_sd([0, -1, np.e, np.e**3])[0] == pytest.approx(1.0)


def test_gini_of_equal_and_of_one_owner():
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)
    assert gini([0, 0]) is None


def test_top_share_takes_one_at_least():
    assert top_share([1, 1, 2], 0.01) == pytest.approx(0.5)


def test_first_digits_of_a_geometric_path_follow_benford():
    shares = first_digits((1000 * 2.0 ** (np.arange(4500) / 90)).astype(np.int64))
    assert benford_distance(shares) < 0.002
    assert benford_distance(np.full(9, 1 / 9)) == pytest.approx(np.abs(1 / 9 - BENFORD).mean())


def test_first_digits_at_the_borders():
    assert list(first_digits(np.array([0, 1, 9, 10, 99, 100, 999_999]))) == pytest.approx([3 / 6, *[0] * 7, 3 / 6])


def test_round_share_counts_significant_digits():
    assert round_share(np.array([5_000, 12_000, 12_300, 12_345]), 2) == pytest.approx(0.5)
    assert round_share(np.array([5_000, 12_000, 12_300, 12_345]), 3) == pytest.approx(0.75)


def test_kaplan_meier_with_delayed_entry_by_hand():
    """Period 0: one at risk, stays. Period 1: two at risk, one ends. Period 2: one at risk, leaves unseen."""
    survival, risk = kaplan_meier(np.array([0, 1]), np.array([1, 2]), np.array([True, False]), 4)
    assert list(risk) == [1, 2, 1, 0]
    assert list(survival) == [1.0, 0.5, 0.5, 0.5]


def test_spearman_sees_order_only_and_shares_ties():
    assert spearman([1, 2, 3, 4], [1, 10, 100, 1000]) == pytest.approx(1)
    assert spearman([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(0.9487, abs=1e-4)
    assert spearman([1, 1, 1], [1, 2, 3]) is None


def test_cramers_v_of_none_and_full_association():
    assert cramers_v([[10, 10], [10, 10]]) == pytest.approx(0)
    assert cramers_v([[10, 0], [0, 10]]) == pytest.approx(1)
    assert cramers_v([[10, 0], [10, 0]]) is None


def test_irr_by_hand():
    assert irr(np.array([-100.0, 110.0])) == pytest.approx(0.10)
    assert irr(np.array([-100.0, 0.0, 25.0])) == pytest.approx(-0.5)
    assert irr(np.array([100.0, 10.0])) is None


def test_survivor_begins_with_the_largest():
    value, share = survivor([1, 2, 4, 8])
    assert value[0] == 8 and share[0] == pytest.approx(0.25)
    assert value[-1] == 1 and share[-1] == pytest.approx(1)
