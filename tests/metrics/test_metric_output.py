"""The long table on disk, and names in two languages."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.metrics import catalogue, evaluate, label, records, write_csv, write_json, write_parquet

METRIC = catalogue().metrics["tech_enterprise_loan_growth_gap"]


def test_three_formats_hold_the_same_rows(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=[METRIC.id])
    write_parquet(table, tmp_path / "m.parquet")
    write_csv(table, tmp_path / "m.csv")
    write_json(table, tmp_path / "m.json")
    assert pq.read_table(tmp_path / "m.parquet").equals(table)
    assert json.loads((tmp_path / "m.json").read_text(encoding="utf-8")) == records(table)
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["period"] for row in rows] == [row["period"] for row in records(table)]
    assert [float(r["value"]) if r["value"] else None for r in rows] == table.column("value").to_pylist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.csv", "m.json", "m.parquet"]


def test_a_folder_that_is_not_there_is_one_clear_error(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=["green_loan_balance"])
    with pytest.raises(SfbenchError, match="cannot be written"):
        write_csv(table, tmp_path / "none" / "m.csv")


def test_a_metric_and_its_components_have_names_in_both_languages() -> None:
    assert (label(METRIC, "zh"), label(METRIC, "en")) == ("科技型企业贷款增速差", "Tech-enterprise loan growth gap")
    assert label(METRIC, "zh", "yoy_all") == "各项贷款同比"


def test_an_unknown_language_or_component_is_refused() -> None:
    with pytest.raises(SfbenchError, match="no language 'fr'"):
        label(METRIC, "fr")
    with pytest.raises(SfbenchError, match="did you mean 'yoy_all'"):
        label(METRIC, "en", "yoy_al")
