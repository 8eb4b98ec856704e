"""On a generated world the SQL agrees with an independent computation in polars, figure for figure."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import sfbench
from metrics import polars_oracle

SCALE = 0.004


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    sfbench.generate("baseline", scale=SCALE, seed=11, out=folder)
    return folder


def same(a: float | None, b: float | None) -> bool:
    """Zero gaps are sums of amounts of up to 1e3 (CNY 100m) in another order, hence the absolute part."""
    if a is None or b is None:
        return a is b
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)


def test_polars_agrees_on_totals_and_banks_of_a_generated_world(city: Path) -> None:
    expected = polars_oracle.figures(city)
    rows = sfbench.evaluate(city, metrics=sorted({key[0] for key in expected})).to_pylist()
    names = ("metric", "component", "period", "cut", "cut_value")
    kept = (row | {"period": row["period"].isoformat()} for row in rows if row["cut"] in ("total", "bank"))
    found = {tuple(row[name] for name in names): row["value"] for row in kept}
    assert len(expected) > 10_000
    assert found.keys() == expected.keys()
    wrong = [key for key, value in expected.items() if not same(found[key], value)]
    assert not wrong[:5]


def test_an_additive_figure_is_scaled_to_the_city_and_a_rate_is_not(city: Path) -> None:
    rows = sfbench.evaluate(city, metrics=["tech_loan_balance", "new_loan_rate"]).to_pylist()
    balances = [row for row in rows if row["metric"] == "tech_loan_balance" and row["value"]]
    rates = [row for row in rows if row["metric"] == "new_loan_rate" and row["value"]]
    assert balances and rates
    assert all(math.isclose(row["value_city"], row["value"] / SCALE, rel_tol=1e-12) for row in balances)
    assert all(row["value_city"] == row["value"] for row in rates)


def test_the_bank_reports_and_the_notes_reconcile_in_a_clean_world(city: Path) -> None:
    rows = sfbench.evaluate(city, metrics=["report_reconciliation_gap"]).to_pylist()
    assert len(rows) > 1000
    assert max(abs(row["value"]) for row in rows if row["value"] is not None) < 1e-9


@pytest.mark.parametrize(
    ("metric", "last_without", "first_with"),
    [("listing_conversion", "2025-11-30", "2025-12-31"), ("credit_score_auc", "2023-11-30", "2023-12-31")],
)
def test_a_cohort_metric_says_that_no_cohort_was_followed_to_its_end_yet(
    city: Path, metric: str, last_without: str, first_with: str
) -> None:
    early = sfbench.evaluate(city, metrics=[metric], as_of=last_without).to_pylist()
    assert [(row["period"], row["computable"], row["reason"]) for row in early] == [
        (None, False, "no cohort followed to its end")
    ]
    later = sfbench.evaluate(city, metrics=[metric], as_of=first_with).to_pylist()
    assert {str(row["period"]) for row in later} == {"2022-12-31"}
