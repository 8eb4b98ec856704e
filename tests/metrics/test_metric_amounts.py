"""Amounts as they come: one in the wrong unit is for the suites to find, and stops no metric."""

from __future__ import annotations

from pathlib import Path

import duckdb

import sfbench
from metrics.views import open_views
from sfbench.metrics import catalogue, evaluate, records


def in_a_unit_ten_thousand_times_smaller(folder: Path) -> duckdb.DuckDBPyConnection:
    """The dataset with every amount of money times 10,000, as if it were reported in CNY 10,000 for yuan."""
    connection = open_views(folder)
    for table in sorted(path.name for path in (folder / "data").iterdir()):
        kinds = connection.execute(f"DESCRIBE {table}").fetchall()
        money = [f"CAST({row[0]} * 10000 AS DECIMAL(18, 2)) AS {row[0]}" for row in kinds if row[1] == "DECIMAL(18,2)"]
        if money:
            names = ", ".join(row[0] for row in kinds if row[1] == "DECIMAL(18,2)")
            source = f"SELECT * EXCLUDE ({names}), {', '.join(money)} FROM '{folder}/data/{table}/*.parquet'"
            connection.execute(f"CREATE OR REPLACE VIEW {table} AS {source}")
    return connection


def test_amounts_ten_thousand_times_too_large_stop_no_metric(tmp_path: Path) -> None:
    sfbench.generate("baseline", scale="tiny", out=tmp_path)
    rows = records(evaluate(in_a_unit_ten_thousand_times_smaller(tmp_path), scale=1.0))
    assert {row["metric"] for row in rows if row["value"] is not None} == set(catalogue().metrics)
