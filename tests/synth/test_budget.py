"""The budget of the differentially private methods: by hand, and by brute force over neighbours."""

import itertools
import math

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth.budget import Budget, rho_of, sigma_of, threshold, weights
from sfbench.synth.learned import Learned, with_units
from sfbench.synth.noisy import measure


def test_the_budget_is_that_of_zero_concentrated_privacy():
    rho = rho_of(3.0, 1e-6)
    assert rho + 2 * math.sqrt(rho * math.log(1e6)) == pytest.approx(3.0)


def test_noise_follows_from_budget_and_sensitivity():
    # A Gaussian mechanism of sensitivity s and noise sigma costs s^2 / (2 sigma^2).
    assert (math.sqrt(2) * 3) ** 2 / (2 * sigma_of(0.1, 3.0) ** 2) == pytest.approx(0.1)


def test_a_budget_is_not_overdrawn():
    budget = Budget(1.0, np.random.default_rng(1))
    budget.noisy(np.zeros(3), 0.75, 1.0)
    with pytest.raises(ValueError, match="of a budget of"):
        budget.best(np.zeros(3), 0.5, 1.0)


def test_the_rows_of_a_firm_weigh_what_is_said_and_no_more():
    found = weights(np.array([0, 1, 1, 1, 1, 2, 2]), 2.0)
    assert found.tolist() == [1.0, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0]


def test_no_firm_of_very_many_rows_weighs_more():
    assert weights(np.zeros(10_000, np.int64), 1.0).sum() == pytest.approx(1.0)


def test_the_best_is_chosen_as_often_as_the_exponential_mechanism_says():
    # With epsilon = sqrt(8 rho) = ln 9 and sensitivity 1/2, a score less by 1 is 9 times less likely.
    rho, times = math.log(9) ** 2 / 8, 4000
    budget = Budget(rho * times, np.random.default_rng(3))
    found = np.mean([budget.best(np.array([0.0, 1.0]), rho, 0.5) for _ in range(times)])
    assert found == pytest.approx(0.9, abs=0.02)


def test_a_word_of_one_firm_passes_the_threshold_as_rarely_as_said():
    at = threshold(2.0, 1.0, 0.512)  # 512 words: each with a probability of 0.001
    assert at == pytest.approx(1 + 2 * 3.0902, abs=1e-3)


class Watched(Budget):
    """Notes what is measured, and gives back what depends on no data."""

    def __init__(self):
        super().__init__(1.0, np.random.default_rng(1))
        self.marginals, self.scores = [], []

    def noisy(self, counts, rho, most):
        self.marginals.append((counts.ravel(), most))
        return np.full(counts.shape, 50.0), 1.0

    def best(self, scores, rho, sensitivity):
        self.scores.append((scores, sensitivity))
        return 0


def seen(firms, rows_per_firm):
    """What is measured of a city of firms: each (its own number, the (amount, flag, number of months) of its notes)."""
    notes = [note for _, held in firms for note in held]
    amounts = pa.array([amount for amount, _, _ in notes], pa.int64()).cast(pa.decimal128(19, 0))
    columns = {
        "amount": amounts.cast(pa.decimal128(18, 2)),
        "green": pa.array([green for _, green, _ in notes], pa.bool_()),
        "months": pa.array([months for _, _, months in notes], pa.int64()),
    }
    rows = np.repeat(np.arange(len(firms)), [len(held) for _, held in firms])
    lives = {"late": pa.array([months == 6 for _, _, months in notes], pa.bool_())}
    tables = [
        Learned("firm", pa.table({"size": pa.array([size for size, _ in firms], pa.int64())})),
        Learned("note", pa.table(columns), "firm", rows),
        Learned("life", pa.table(lives), "note", np.arange(len(notes))),
    ]
    budget = Watched()
    measure(with_units(tables), budget, rows_per_firm, 1e-6)
    return budget


@pytest.mark.parametrize("rows_per_firm", [1, 2])
def test_no_neighbour_moves_a_marginal_or_a_score_by_more_than_is_budgeted(rows_per_firm):
    small, large, other = (100, True, 6), (5_000_000, False, 60), (2000, None, None)
    kinds = [(1, []), (2, [small]), (9, [large]), (9, [large, large, large]), (3, [small, large, other, small])]
    cities = [seen([(4, [small, large]), kind, (5, [other])], rows_per_firm) for kind in kinds]
    largest = 0.0
    for one, two in itertools.combinations(cities, 2):
        for (a, most), (b, _) in zip(one.marginals, two.marginals, strict=True):
            assert np.linalg.norm(a - b) <= math.sqrt(2) * most + 1e-9
            largest = max(largest, np.linalg.norm(a - b) / most)
        for (a, sensitivity), (b, _) in zip(one.scores, two.scores, strict=True):
            assert np.abs(a - b).max() <= sensitivity + 1e-9
    assert largest == pytest.approx(math.sqrt(2))  # the bound is reached: it has no slack
