"""The metrics on the acceptance set: every expected figure, every target, every planted change."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from metrics import polars_oracle
from metrics.views import ACCEPTANCE, Opened
from sfbench.metrics import evaluate, records

KEY = ("metric", "component", "period", "cut", "cut_value")
Key = tuple[str, ...]
CHANGES = [
    change["id"] for change in yaml.safe_load((ACCEPTANCE / "changes.yaml").read_text(encoding="utf-8"))
]  # ids for the parameters


def read(name: str) -> Iterator[dict[str, str]]:
    with (ACCEPTANCE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def keyed(rows: Any) -> dict[Key, dict[str, Any]]:
    return {tuple(row[name] for name in KEY): row for row in rows}


METRICS = sorted({row["metric"] for row in read("expected_metrics.csv")})  # those of measures 0 and 20 on bank loans


def figures(connection: duckdb.DuckDBPyConnection) -> dict[Key, dict[str, Any]]:
    return keyed(records(evaluate(connection, scale=1.0, metrics=METRICS)))


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    # A gap is a difference of figures near 100, and 0 where they cancel: there the tolerance is that of the figures.
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-11)


def number(text: str) -> float | None:
    return float(text) if text else None


def test_every_figure_is_the_one_worked_out_from_the_definition(acceptance: duckdb.DuckDBPyConnection) -> None:
    found, expected = figures(acceptance), keyed(read("expected_metrics.csv"))
    assert found.keys() == expected.keys()
    off = [
        (key, found[key]["value"], row["value"])
        for key, row in expected.items()
        if not same(found[key]["value"], number(row["value"]))
    ]
    assert not off
    for key, row in expected.items():
        assert (str(found[key]["computable"]).lower(), found[key]["reason"] or "") == (
            row["computable"],
            row["reason"],
        ), key


def test_every_metric_has_values_that_vary(acceptance: duckdb.DuckDBPyConnection) -> None:
    values: dict[tuple[str, str], set[float]] = {}
    for key, row in figures(acceptance).items():
        values.setdefault((key[0], key[1]), set()).add(row["value"])
    assert all(len(found - {None}) > 1 for found in values.values())


def test_every_target_is_judged_as_worked_out(acceptance: duckdb.DuckDBPyConnection) -> None:
    found, expected = figures(acceptance), keyed(read("expected_targets.csv"))
    judged = {key: row for key, row in found.items() if row["target"]}
    assert judged.keys() == expected.keys()
    for key, row in expected.items():
        sustained = "" if judged[key]["sustained"] is None else str(judged[key]["sustained"]).lower()
        first = judged[key]["first_achieved_on"] or ""
        assert (judged[key]["status"], first, sustained) == (
            row["status"],
            row["first_achieved_on"],
            row["sustained"],
        ), key


@pytest.mark.parametrize("change", CHANGES)
def test_a_planted_change_moves_the_known_figures_by_the_known_amounts_and_no_other(
    change: str, opened: Opened
) -> None:
    edits = {c["id"]: c for c in yaml.safe_load((ACCEPTANCE / "changes.yaml").read_text(encoding="utf-8"))}[change][
        "edits"
    ]
    before, after = figures(opened()), figures(opened(edits))
    expected = keyed(row for row in read("expected_changes.csv") if row["change"] == change)
    moved = {
        key
        for key in before.keys() | after.keys()
        if key not in before
        or key not in after
        or not same(after[key]["value"], before[key]["value"])
        or after[key]["reason"] != before[key]["reason"]
    }
    assert moved == expected.keys()
    for key, row in expected.items():
        assert same(after[key]["value"] if key in after else None, number(row["after"])), key
        assert same(before[key]["value"] if key in before else None, number(row["before"])), key


def test_polars_by_another_route_agrees_on_totals_and_banks(
    acceptance: duckdb.DuckDBPyConnection, acceptance_folder: Path
) -> None:
    found = {key: row["value"] for key, row in figures(acceptance).items() if row["cut"] in ("total", "bank")}
    expected = polars_oracle.figures(acceptance_folder)
    assert found.keys() == expected.keys()
    assert not [key for key, value in expected.items() if not same(found[key], value)]
