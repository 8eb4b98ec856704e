"""Growth compares like with like: all banks at both ends, and nothing where what is missing would read as a fall."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from acceptance.loader import write_dataset
from acceptance.metrics.dataset import write_group

from metrics import polars_oracle
from metrics.views import Opened, open_views
from sfbench.metrics import evaluate, records

GAP, MANUFACTURING = "tech_enterprise_loan_growth_gap", "manufacturing_loan_growth"
Edits = Iterable[Mapping[str, Any]]

# of bank 1, the row on the new scope of the month before the break
LATE_BANK = {"institution_id": 1, "scope_version": "2025", "month": "2024-12-31"}
LATE_TO_THE_PARALLEL_RUN = [{"op": "delete_where", "table": "bank_month", "where": LATE_BANK}]


def without(table: str, **where: Any) -> Edits:
    return [{"op": "delete_where", "table": table, "where": where}]


def totals(connection: duckdb.DuckDBPyConnection, metric: str, component: str) -> dict[str, float | None]:
    rows = records(evaluate(connection, scale=1.0, metrics=[metric], cuts=["total"]))
    return {str(row["period"]): row["value"] for row in rows if row["component"] == component}


@pytest.mark.parametrize(
    ("metric", "component", "column"),
    [(MANUFACTURING, "growth", "manufacturing_loans"), (GAP, "gap_published", "tech_enterprise_loans")],
)
def test_a_total_is_linked_over_the_first_month_in_which_all_banks_report_on_both_scopes(
    metric: str, component: str, column: str, opened: Opened
) -> None:
    connection = opened(LATE_TO_THE_PARALLEL_RUN)
    amounts = dict(
        ((str(month), version), float(amount))
        for month, version, amount in connection.execute(
            f"SELECT month, scope_version, SUM({column}) FROM bank_month WHERE reporting_scope = 'PBOC' GROUP BY ALL"
        ).fetchall()
    )
    new = amounts["2025-12-31", "2025"] / amounts["2025-01-31", "2025"]
    old = amounts["2025-01-31", "2024"] / amounts["2024-12-31", "2024"]
    growth = 100 * (new * old - 1)
    if metric == GAP:
        growth -= totals(connection, GAP, "yoy_all")["2025-12-31"] or 0.0
    found = totals(connection, metric, component)["2025-12-31"]
    assert found is not None and math.isclose(found, growth, rel_tol=1e-9)


@pytest.mark.parametrize(
    "edits",
    [
        LATE_TO_THE_PARALLEL_RUN,
        without("loan_balance", month="2025-12-31"),
        without("bank_month", month=["2024-12-31", "2025-06-30"], institution_id=1),
    ],
)
def test_polars_by_another_route_agrees_where_rows_are_missing(edits: Edits, tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, edits)
    rows = records(evaluate(open_views(folder), scale=1.0, metrics=[GAP]))
    expected = {key[1:]: value for key, value in polars_oracle.figures(folder).items() if key[0] == GAP}
    found = {(r["component"], str(r["period"]), r["cut"], r["cut_value"]): r["value"] for r in rows}
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert (found[key] is None) == (value is None), key
        assert value is None or math.isclose(found[key], value, rel_tol=1e-9, abs_tol=1e-11), key


def test_a_month_without_loan_notes_is_no_fall_of_tech_loans_to_nothing(opened: Opened) -> None:
    connection = opened(without("loan_balance", month="2025-12-31"))
    for component in ("gap", "yoy_tech_enterprise", "gap_disposals_added_back", "gap_frozen_list"):
        found = totals(connection, GAP, component)
        assert found["2025-12-31"] is None and found["2025-11-30"] is not None, component
    assert totals(connection, GAP, "yoy_all")["2025-12-31"] is not None


def test_a_month_without_bank_reports_is_no_fall_of_all_loans_and_no_target_reached(opened: Opened) -> None:
    rows = records(
        evaluate(opened(without("bank_month", month="2025-12-31")), scale=1.0, metrics=[GAP], cuts=["total"])
    )
    found = {row["component"]: row for row in rows if str(row["period"]) == "2025-12-31"}
    assert found["yoy_all"]["value"] is None
    assert (found["gap"]["value"], found["gap"]["status"], found["gap"]["computable"]) == (None, None, False)
    assert found["yoy_tech_enterprise"]["value"] is not None


def test_a_bank_that_reports_at_one_end_only_is_no_fall_of_all_loans(opened: Opened) -> None:
    connection = opened(without("bank_month", month="2025-12-31", institution_id=5))
    of_others = "reporting_scope = 'PBOC' AND current AND institution_id <> 5"
    now, base = (
        float(
            connection.execute(
                f"SELECT SUM(all_loans) FROM bank_month WHERE {of_others} AND month = ?", [day]
            ).fetchall()[0][0]
        )
        for day in ("2025-12-31", "2024-12-31")
    )
    found = totals(connection, GAP, "yoy_all")["2025-12-31"]
    assert found is not None and math.isclose(found, 100 * (now / base - 1), rel_tol=1e-9)


def test_a_bank_that_did_not_report_has_no_growth_of_all_its_loans(opened: Opened) -> None:
    connection = opened(without("bank_month", month="2025-12-31", institution_id=1))
    rows = records(evaluate(connection, scale=1.0, metrics=[GAP], cuts=["bank"]))
    found = {r["component"]: r["value"] for r in rows if (str(r["period"]), r["cut_value"]) == ("2025-12-31", "1")}
    assert found["yoy_all"] is None and found["gap"] is None and found["yoy_tech_enterprise"] is not None


def test_a_quarter_end_without_loan_notes_is_no_repayment_of_all_loans(tmp_path: Path) -> None:
    connection = open_views(write_group(tmp_path, "equity", without("loan_balance", month="2025-09-30")))
    net = totals(connection, "five_channel_financing", "net")
    assert [net[day] is None for day in ("2025-06-30", "2025-09-30", "2025-12-31")] == [False, True, True]


@pytest.mark.parametrize("metric", ["relending_firm_coverage", "chain_coverage"])
def test_a_quarter_end_without_loan_notes_is_no_coverage_of_nobody(metric: str, tmp_path: Path) -> None:
    connection = open_views(write_group(tmp_path, "credit_policy", without("loan_balance", month="2025-09-30")))
    coverage = totals(connection, metric, "coverage")
    assert [coverage[day] is None for day in ("2025-06-30", "2025-09-30", "2025-12-31")] == [False, True, False]


@pytest.mark.parametrize("metric", ["tech_loan_balance", "tech_industry_loan_balance", "tech_loan_overlap"])
def test_a_month_without_loan_notes_is_no_balance_of_nothing_and_no_target_missed(metric: str, opened: Opened) -> None:
    connection = opened(without("loan_balance", month="2025-12-31"))
    rows = {
        str(row["period"]): row for row in records(evaluate(connection, scale=1.0, metrics=[metric], cuts=["total"]))
    }
    assert (rows["2025-12-31"]["value"], rows["2025-12-31"]["status"]) == (None, None)
    assert rows["2025-11-30"]["value"] is not None and rows["2026-01-31"]["value"] is not None
