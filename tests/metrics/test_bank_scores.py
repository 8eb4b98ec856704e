"""What no row of the acceptance set exercises: ties, the cap of growth, too few banks; tau-b against scipy."""

from __future__ import annotations

import math
from datetime import date
from statistics import mean, pstdev
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from sfbench.metrics.bank_scores import METHODS, YearScores, year_scores
from sfbench.metrics.steps import assessment_rank_stability, assessment_score
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
    rows = assessment_score.figures(bank_year()).to_pylist()
    assert {row["value"] for row in rows if row["component"] == "band"} == {2.0}  # of the bands the second begins at 60


def test_growth_beyond_the_cap_earns_no_more() -> None:
    (capped,) = year_scores(bank_year(tech_base_rmb=[2, 2, 1]))
    (beyond,) = year_scores(bank_year(tech_base_rmb=[2, 2, 0.2]))
    assert np.array_equal(capped.scores, beyond.scores)


def test_growth_is_capped_at_three_hundred_per_cent() -> None:
    """Of three banks that all differ; where two are alike, points do not tell how far the third is."""
    (at_cap, beyond, below) = (year_scores(bank_year(tech_base_rmb=[2, 3, base]))[0] for base in (1, 0.8, 1.01))
    assert np.array_equal(at_cap.scores, beyond.scores)
    assert not np.array_equal(at_cap.scores, below.scores)


def two_years() -> pa.Table:
    """Six banks, of which the last is assessed in the second year alone; every figure drawn."""
    rng = np.random.default_rng(12)
    parts = []
    for year in (2024, 2025):
        tech = rng.uniform(2e8, 6e8, 6)
        base = np.where((np.arange(6) == 5) & (year == 2024), 1e6, tech / rng.uniform(0.5, 3, 6))
        columns = {"all_rmb": tech * rng.uniform(1.5, 4, 6), "tech_rmb": tech, "tech_base_rmb": base}
        columns |= {"npl_rmb": rng.uniform(1e6, 3e6, 6), "tech_npl_rmb": rng.uniform(1e5, 3e6, 6)}
        columns |= {"granted_notes": rng.uniform(50, 90, 6), "first_borrowers": rng.uniform(1, 40, 6)}
        parts.append(pa.table({"period": [date(year, 12, 31)] * 6, "institution_id": [*range(1, 7)], **columns}))
    return pa.concat_tables(parts)


def by_definition(row: dict[str, Any], year: list[dict[str, Any]]) -> dict[str, float]:
    """Score of a bank by method, from the header of `assessment_score` in plain Python."""

    def figures(bank: dict[str, Any]) -> list[float]:
        growth = min(100 * (bank["tech_rmb"] / bank["tech_base_rmb"] - 1), 300)
        bad = 100 * (bank["tech_npl_rmb"] / bank["tech_rmb"] - bank["npl_rmb"] / bank["all_rmb"])
        return [100 * bank["tech_rmb"] / bank["all_rmb"], growth, bank["first_borrowers"] / bank["granted_notes"], -bad]

    points = []
    for own, others in zip(figures(row), zip(*map(figures, year), strict=True), strict=True):
        points.append(min(max(0.6 + 0.2 * (own - mean(others)) / pstdev(others), 0), 1))
    scores = {"equal_weights": 100 * mean(points)}
    for place, name in enumerate(("share", "growth", "first", "risk")):
        scores[f"{name}_half"] = 100 * (points[place] / 2 + (sum(points) - points[place]) / 6)
    return scores


def test_scores_and_the_stability_of_ranks_are_those_of_the_definitions() -> None:
    rows = two_years()
    found: dict[str, dict[tuple[int, str], float]] = {}
    for step in (assessment_score, assessment_rank_stability):
        for row in step.figures(rows).to_pylist():
            found.setdefault(row["component"], {})[row["period"].year, row["cut_value"]] = row["value"]
    scores: dict[int, dict[str, dict[int, float]]] = {}
    for number in (2024, 2025):
        year = [row for row in rows.to_pylist() if row["period"].year == number and row["tech_base_rmb"] >= 1e7]
        assert len(year) == (5 if number == 2024 else 6)
        for row in year:
            for method, score in by_definition(row, year).items():
                scores.setdefault(number, {}).setdefault(method, {})[row["institution_id"]] = score
                assert found["score"][number, f"{row['institution_id']}*{method}"] == pytest.approx(score)
    taus = {}
    for method, own in scores[2025].items():
        then = scores[2024][method]
        taus[method] = kendalltau([own[bank] for bank in then], [*then.values()]).statistic
        assert found["tau_years"][2025, method] == pytest.approx(taus[method])
        equal = kendalltau([*own.values()], [*scores[2025]["equal_weights"].values()]).statistic
        assert found["tau_weightings"][2025, method] == pytest.approx(equal)
    assert found["tau_years"][2025, "total"] == pytest.approx(taus["equal_weights"])
    assert found["tau_years"][2024, "total"] is None
    others = [found["tau_weightings"][2025, method] for method in scores[2025] if method != "equal_weights"]
    assert found["tau_weightings"][2025, "total"] == pytest.approx(mean(others))
    ranks = [[1 + sum(other > one for other in own.values()) for one in own.values()] for own in scores[2025].values()]
    widths = [max(bank) - min(bank) for bank in zip(*ranks, strict=True)]
    assert found["rank_width_mean"][2025, "total"] == pytest.approx(mean(widths))
    assert found["rank_width_max"][2025, "total"] == max(widths)
    assert len({*taus.values()}) > 1 and len({*widths}) > 1 and min(others) < 1


def test_a_bank_with_a_small_base_is_left_out_and_two_are_too_few() -> None:
    (year,) = year_scores(bank_year(tech_base_rmb=[2, 2, 0.09]))
    assert len(year.banks) == 0
    (year,) = year_scores(bank_year(tech_base_rmb=[2, 2, None]))
    assert len(year.banks) == 0
