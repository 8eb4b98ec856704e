"""The tables of a dataset as DuckDB views, read from `data/<table>/*.parquet`, with or without a manifest.

A user's own data in the declared schema has no manifest, so nothing here asks for one.
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

_MEMORY = "2GiB"  # with what Python and GX take (0.5 GiB), a validation stays under 3 GiB at any scale


@contextmanager
def connected(
    dataset: Path, tables: Mapping[str, Table], as_of: dt.date | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory connection with a view per table folder of the dataset, closed at the end.

    as_of keeps what was known on that day: rows by the table's `known_on`, cells by their column's.
    Raises SfbenchError if there is no data folder or a file is not readable Parquet. What does not fit in memory
    spills into a temporary folder that is removed (DuckDB's own default is `.tmp` in the working directory).
    """
    with tempfile.TemporaryDirectory(prefix="sfbench-") as spill:
        connection = duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": spill})
        try:
            connection.execute("SET preserve_insertion_order = false")
            _create_views(connection, dataset, tables, as_of)
            yield connection
        finally:
            connection.close()


def _create_views(
    connection: duckdb.DuckDBPyConnection, dataset: Path, tables: Mapping[str, Table], as_of: dt.date | None
) -> None:
    data = dataset / "data"
    if not data.is_dir():
        fix = "give a folder made by `sfbench generate`, or one with data/<table>/*.parquet"
        raise SfbenchError("this is no dataset", where=str(dataset), why="it has no folder data/", fix=fix)
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        if not any(folder.glob("*.parquet")):
            continue
        try:
            connection.execute(f'CREATE VIEW "{folder.name}" AS {_select(folder, tables.get(folder.name), as_of)}')
        except duckdb.Error as error:
            fix = "`sfbench verify` tells which files were changed"
            raise SfbenchError("the table cannot be read", where=str(folder), why=str(error), fix=fix) from error


def found_tables(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Names of the views of the connection."""
    rows = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    return frozenset(str(row[0]) for row in rows)


def _select(folder: Path, table: Table | None, as_of: dt.date | None) -> str:
    pattern = str(folder / "*.parquet").replace("'", "''")
    source = f"read_parquet('{pattern}')"
    if table is None or as_of is None:
        return f"SELECT * FROM {source}"
    day = f"DATE '{as_of.isoformat()}'"
    cells = [f"CASE WHEN {c.known_on} <= {day} THEN {c.name} END AS {c.name}" for c in table.columns if c.known_on]
    replaced = f" REPLACE ({', '.join(cells)})" if cells else ""
    kept = f" WHERE {table.known_on} <= {day}" if table.known_on else ""
    return f"SELECT *{replaced} FROM {source}{kept}"
