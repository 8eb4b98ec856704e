"""The acceptance set as views of a DuckDB connection."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb

ACCEPTANCE = Path(__file__).resolve().parents[1] / "acceptance"
Opened = Callable[..., duckdb.DuckDBPyConnection]  # opened(edits): the set with these edits as views


def open_views(folder: Path) -> duckdb.DuckDBPyConnection:
    """One view per table folder of a dataset."""
    connection = duckdb.connect()
    for table in sorted((folder / "data").iterdir()):
        connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM '{table}/*.parquet'")
    return connection
