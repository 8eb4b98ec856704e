"""The acceptance set as views of a DuckDB connection, clean or with edits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

ACCEPTANCE = Path(__file__).resolve().parents[1] / "acceptance"
sys.path.insert(0, str(ACCEPTANCE))  # its modules name each other plainly

from loader import write_dataset  # noqa: E402

Edits = Iterable[Mapping[str, Any]]
Opened = Callable[..., duckdb.DuckDBPyConnection]


def open_views(folder: Path) -> duckdb.DuckDBPyConnection:
    """One view per table folder of a dataset."""
    connection = duckdb.connect()
    for table in sorted((folder / "data").iterdir()):
        connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM '{table}/*.parquet'")
    return connection


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """`opened(edits)`: the set with these edits as views."""
    made = 0

    def make(edits: Edits = ()) -> duckdb.DuckDBPyConnection:
        nonlocal made
        made += 1
        return open_views(write_dataset(tmp_path / f"set-{made}", edits))

    return make


@pytest.fixture(scope="session")
def acceptance_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean set on disk."""
    return write_dataset(tmp_path_factory.mktemp("acceptance"))


@pytest.fixture
def acceptance(acceptance_folder: Path) -> duckdb.DuckDBPyConnection:
    """The clean set as views."""
    return open_views(acceptance_folder)
