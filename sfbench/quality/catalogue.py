"""The tables of a dataset as DuckDB views, and those of a reference beside them, with or without a manifest.

A user's own data in the declared schema has no manifest: `data/<table>/*.parquet`, `<table>/*.parquet` or
`<table>.parquet` is enough.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.read import file_pattern, present_files, sql_text, without_bar

_MEMORY = "2GiB"  # with what Python and GX take (0.5 GiB), a validation stays under 3 GiB at any scale
_SMALL = 200_000  # rows
REFERENCE = "reference"  # the database that holds the tables of the dataset to which another is compared


@contextmanager
def connected(
    dataset: Path, tables: Mapping[str, Table], as_of: dt.date | None = None, reference: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory connection with a view per table folder of the dataset, closed at the end.

    as_of keeps what was known on that day: rows by the table's `known_on`, cells by their column's. reference: another
    dataset, its tables known as `reference.<table>`.
    Raises SfbenchError if there is no Parquet file or one is not readable. What does not fit in memory
    spills into a temporary folder that is removed (DuckDB's own default is `.tmp` in the working directory).
    """
    with tempfile.TemporaryDirectory(prefix="sfbench-") as spill:
        connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill})
        try:
            connection.execute("SET preserve_insertion_order = false")
            connection.execute("SET parquet_metadata_cache = true")  # some thousand queries open the same files
            without_bar(connection)
            _create_views(connection, dataset, tables, as_of, "memory")
            if reference is not None:
                connection.execute(f"ATTACH ':memory:' AS {REFERENCE}")
                _create_views(connection, reference, tables, as_of, REFERENCE)
            yield connection
        finally:
            connection.close()


def _create_views(
    connection: duckdb.DuckDBPyConnection,
    dataset: Path,
    tables: Mapping[str, Table],
    as_of: dt.date | None,
    database: str,
) -> None:
    for name, files in present_files(dataset).items():
        source = f"[{', '.join(sql_text(file_pattern(path)) for path in files)}]"
        select = _select(source, tables.get(name), as_of)
        try:
            kind = "TABLE" if _small(connection, source) else "VIEW"
            connection.execute(f'CREATE {kind} {database}."{name}" AS {select}')
        except duckdb.Error as error:
            fix = "`sfbench verify` tells which files were changed"
            raise SfbenchError(
                "the table cannot be read", where=f"{dataset}: {name}", why=str(error), fix=fix
            ) from error


def found_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Names of the tables of the dataset."""
    return frozenset(str(row[0]) for row in connection.execute("SHOW TABLES").fetchall())


def _small(connection: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Whether the table is read into memory: a query of a few rows takes less time than to open their files."""
    rows = f"SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata({source})"
    return int(connection.execute(rows).fetchall()[0][0]) <= _SMALL


def _select(files: str, table: Table | None, as_of: dt.date | None) -> str:
    source = f"read_parquet({files}, hive_partitioning = false)"
    if table is None or as_of is None:
        return f"SELECT * FROM {source}"
    day = f"DATE '{as_of.isoformat()}'"
    cells = [f"CASE WHEN {c.known_on} <= {day} THEN {c.name} END AS {c.name}" for c in table.columns if c.known_on]
    replaced = f" REPLACE ({', '.join(cells)})" if cells else ""
    kept = f" WHERE {table.known_on} <= {day}" if table.known_on else ""
    return f"SELECT *{replaced} FROM {source}{kept}"
