"""The frozen acceptance set as a dataset on disk, clean or with faults planted by SQL.

It holds the tables of the credit history; `enterprise` has the columns that the worked examples add, and two of their
tables to which its suite looks.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

import sfbench
from sfbench.quality.report import Report
from sfbench.quality.run import validate_declared
from sfbench.spec import Table
from tests.acceptance.edits import HERE, read_tables
from tests.acceptance.worked.dataset import read_tables as read_worked
from tests.acceptance.worked.dataset import write_dataset
from tests.quality.changed import changed
from tests.world.shared import SEED, TINY

ROOT = Path(__file__).resolve().parents[2]
FROZEN = sorted(path.stem for path in (HERE / "tables").glob("*.csv"))
BESIDE = ("cluster", "listing")


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
def database(
    tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The clean acceptance set in DuckDB tables of the declared types."""
    connection = duckdb.connect()
    worked = read_worked()
    # The set carries one planted reporting gap for the metrics; `clean` of the violations file takes it out.
    clean = yaml.safe_load((HERE / "violations.yaml").read_text(encoding="utf-8"))["clean"]
    rows = read_tables(clean) | {name: worked[name] for name in ("enterprise", *BESIDE)}
    folder = write_dataset(tmp_path_factory.mktemp("set"), rows, {name: tables[name] for name in (*FROZEN, *BESIDE)})
    for name in (*FROZEN, *BESIDE):
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder}/data/{name}/*.parquet'")
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def tiny_city(
    tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables of a tiny generated city in DuckDB; many small queries, so one thread."""
    folder = tmp_path_factory.mktemp("tiny") / "city"
    sfbench.generate(scale=TINY, seed=SEED, out=folder)
    connection = duckdb.connect(config={"threads": 1})
    for name in tables:
        connection.execute(f"CREATE TABLE {name} AS FROM '{folder}/data/{name}/*.parquet'")
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
        with changed(database, *statements):
            write(database, folder, [name for name in (*FROZEN, *BESIDE) if name not in drop])
        return validate_declared(folder, tables, **{"suites": FROZEN, **options})  # type: ignore[arg-type]

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
