"""What is one thing counts once, however many rows tell of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.metrics import evaluate, records


def figure(folder: Path, metric: str, component: str, period: str) -> Any:
    rows = records(evaluate(open_views(folder), scale=1.0, metrics=[metric], cuts=["total"]))
    return next(r["value"] for r in rows if (r["component"], str(r["period"])) == (component, period))


def test_a_round_that_closes_twice_is_one_round_of_the_day_of_its_first_closing(tmp_path: Path) -> None:
    later = {"op": "set", "table": "deal", "key": {"deal_id": 5}, "column": "closed_on", "value": "2024-09-30"}
    for component in ("equity", "loans", "followed"):
        once, twice = (write_group(tmp_path / f"{component}-{len(edits)}", "equity", edits) for edits in ([], [later]))
        found = [figure(folder, "linked_credit_ratio", component, "2025-12-31") for folder in (once, twice)]
        assert found[0] == found[1], component


def test_a_project_whose_number_is_missing_stands_above_and_below_the_line(tmp_path: Path) -> None:
    """It was contacted, but not among those ever pushed: the rate could pass 100 %."""
    lost = {"op": "set", "table": "list_entry", "key": {"entry_id": 9010}, "column": "project_id", "value": None}
    for edits in ([], [lost]):
        folder = write_group(tmp_path / str(len(edits)), "credit_policy", edits)
        assert figure(folder, "list_contact_rate", "rate_ever", "2025-06-30") == 100 * 7 / 9


@pytest.mark.parametrize(
    ("metric", "group", "table"),
    [
        ("inclusive_tech_overlap", "banks", "bank_month"),
        ("tech_loan_share_by_bank_type", "banks", "month"),
    ],
)
def test_a_table_whose_rows_come_twice_doubles_neither_balances_nor_borrowers(
    metric: str, group: str, table: str, tmp_path: Path
) -> None:
    folder = write_group(tmp_path, group)
    found = []
    for times in (1, 2):
        connection = open_views(folder)
        rows = " UNION ALL ".join([f"SELECT * FROM '{folder}/data/{table}/*.parquet'"] * times)
        connection.execute(f"CREATE OR REPLACE VIEW {table} AS {rows}")
        found.append(records(evaluate(connection, scale=1.0, metrics=[metric])))
    assert any(row["value"] for row in found[0])
    assert found[0] == found[1]
