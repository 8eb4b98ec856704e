"""The acceptance set as a dataset on disk, clean or with faults planted by SQL."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from sfbench.quality.report import Report
from sfbench.quality.run import validate_declared
from sfbench.spec import Table
from sfbench.store.shape import DUCKDB_TYPES

ROOT = Path(__file__).resolve().parents[2]
CSV = ROOT / "tests" / "acceptance" / "tables"


def declared() -> dict[str, Table]:
    """The published declarations, read without the functions that make rows."""
    found: dict[str, Table] = {}
    for path in sorted((ROOT / "generators").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"declared_{path.stem}", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if module.TABLE.published:
            found[path.stem] = replace(module.TABLE, name=path.stem, where=str(path))
    return found


@pytest.fixture(scope="session")
def tables() -> dict[str, Table]:
    return declared()


@pytest.fixture(scope="session")
def database(tables: Mapping[str, Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The clean acceptance set in DuckDB tables of the declared types."""
    connection = duckdb.connect()
    for table in tables.values():
        # A CSV column that holds the standard's codes like 01 must stay text: the types come from the declaration.
        types = ", ".join(f"'{c.name}': '{DUCKDB_TYPES[c.kind]}'" for c in table.columns)
        source = f"read_csv('{CSV / table.name}.csv', header = true, columns = {{{types}}})"
        connection.execute(f"CREATE TABLE {table.name} AS SELECT * FROM {source}")
    # The set carries one planted reporting gap for the metrics; `clean` of the violations file takes it out.
    for edit in yaml.safe_load((CSV.parent / "violations.yaml").read_text(encoding="utf-8"))["clean"]:
        key = " AND ".join(f"{column} = '{value}'" for column, value in edit["key"].items())
        connection.execute(f"UPDATE {edit['table']} SET {edit['column']} = {edit['value']} WHERE {key}")
    yield connection
    connection.close()


Judge = Callable[..., Report]


@pytest.fixture(scope="session")
def judge(
    database: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory
) -> Judge:
    """judge(statements, drop=[...], **options): plants faults, writes and validates the dataset, takes them back."""

    def run(statements: Sequence[str] = (), drop: Sequence[str] = (), **options: object) -> Report:
        folder = tmp_path_factory.mktemp("dataset")
        database.execute("BEGIN")
        try:
            for statement in statements:
                database.execute(statement)
            write(database, folder, [name for name in tables if name not in drop])
        finally:
            database.execute("ROLLBACK")
        return validate_declared(folder, tables, **options)  # type: ignore[arg-type]

    return run


def write(connection: duckdb.DuckDBPyConnection, folder: Path, names: Sequence[str]) -> None:
    """One Parquet file per table under folder/data."""
    for name in names:
        target = folder / "data" / name / "part-00000.parquet"
        target.parent.mkdir(parents=True)
        connection.execute(f"COPY {name} TO '{target}' (FORMAT parquet)")


@pytest.fixture(scope="session")
def clean(judge: Judge) -> Report:
    return judge()
