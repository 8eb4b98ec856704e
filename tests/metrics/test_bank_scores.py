"""What no row of the acceptance set exercises: ties, the cap of growth, too few banks; tau-b against scipy."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from sfbench.metrics.bank_scores import METHODS, YearScores, year_scores
from sfbench.metrics.steps.assessment_rank_stability import tau_b

YEAR = date(2025, 12, 31)
scores = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=12)


def bank_year(**columns: list[float | None]) -> pa.Table:
    """Three banks that differ in nothing but the columns given; amounts in CNY 100m."""
    plain: dict[str, list[float | None]] = {
        "all_rmb": [10, 10, 10],
        "tech_rmb": [4, 4, 4],
        "tech_base_rmb": [2, 2, 2],
        "npl_rmb": [0, 0, 0],
        "tech_npl_rmb": [0, 0, 0],
    }
    money = {
        name: [None if v is None else 1e8 * v for v in columns.get(name, values)] for name, values in plain.items()
    }
    counts = {"granted_notes": [5, 5, 5], "first_borrowers": columns.get("first_borrowers", [1, 1, 1])}
    return pa.table({"period": [YEAR] * 3, "institution_id": [1, 2, 3], **money, **counts})


@given(scores)
def test_tau_b_is_that_of_scipy(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(values, dtype=float) for values in zip(*pairs, strict=True))
    assert tau_b(first, second) == pytest.approx(kendalltau(first, second).statistic, nan_ok=True)


def test_two_banks_have_no_tau() -> None:
    assert math.isnan(tau_b(np.array([1.0, 2.0]), np.array([1.0, 2.0])))


def test_tied_banks_share_the_better_rank() -> None:
    year = YearScores(YEAR, np.array([1, 2, 3]), np.array([[60.0, 70.0, 60.0]]))
    assert year.ranks.tolist() == [[2, 1, 2]]


def test_banks_that_do_not_differ_get_the_points_of_the_mean() -> None:
    (year,) = year_scores(bank_year())
    assert year.scores.tolist() == [[60.0] * 3] * len(METHODS)


def test_growth_beyond_the_cap_earns_no_more() -> None:
    (capped,) = year_scores(bank_year(tech_base_rmb=[2, 2, 1]))
    (beyond,) = year_scores(bank_year(tech_base_rmb=[2, 2, 0.2]))
    assert np.array_equal(capped.scores, beyond.scores)


def test_a_bank_with_a_small_base_is_left_out_and_two_are_too_few() -> None:
    (year,) = year_scores(bank_year(tech_base_rmb=[2, 2, 0.09]))
    assert len(year.banks) == 0
    (year,) = year_scores(bank_year(tech_base_rmb=[2, 2, None]))
    assert len(year.banks) == 0
