"""Parquet files whose types are others than the declared ones: what pandas or a warehouse wrote, read as text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.intake.headings import matched, no_headings
from sfbench.intake.sheet import FIRST, Sheet, numbered
from sfbench.spec import Table
from sfbench.store.formats._source import quoted
from sfbench.store.read import sql_text

_BATCH = 100_000  # rows that are read at once
_FLOATS = {"FLOAT": 7, "DOUBLE": 15}  # digits that are meant


def parquet(path: Path, table: Table) -> Sheet:
    """Its sheet. Raises SfbenchError for a file that cannot be read or without a heading that the table knows."""
    rows = f"read_parquet({sql_text(str(path))}, hive_partitioning = false, binary_as_string = true)"
    try:
        with duckdb.connect() as con:
            held = {str(name): str(kind) for name, kind, *_ in con.execute(f"DESCRIBE FROM {rows}").fetchall()}
    except duckdb.Error as error:
        raise _unreadable(path, error) from error
    headings = list(held)
    found = matched(headings, table)
    if not found:
        raise no_headings(headings, table, str(path))
    cells = ", ".join(
        f"{_text(headings[place], held[headings[place]], exact=table.column(name).kind == 'number')} AS {quoted(name)}"
        for name, place in found.items()
    )

    def batches() -> Iterator[pa.Table]:
        first = FIRST
        try:
            with duckdb.connect() as con:
                for batch in con.sql(f"SELECT {cells} FROM {rows}").to_arrow_reader(_BATCH):
                    if batch.num_rows:
                        columns = {name: batch.column(name) for name in found}
                        yield numbered(columns, np.arange(first, first + batch.num_rows))
                        first += batch.num_rows
        except (duckdb.Error, pa.ArrowException, OSError) as error:  # after the first batch DuckDB's errors are Arrow's
            raise _unreadable(path, error) from error

    return Sheet(path.name, table, tuple(found), batches, guarded=False)


def _text(heading: str, kind: str, *, exact: bool) -> str:
    """A cell as text. NaN is how pandas writes an empty cell; found by its text, as DuckDB 2.0 says of a Parquet column
    whose statistics know no NaN that none `isnan`."""
    cell = quoted(heading)
    if kind not in _FLOATS:
        return f"CAST({cell} AS VARCHAR)"
    if exact:
        text = f"CAST({cell} AS VARCHAR)"
    else:
        digits = f"format('{{:.{_FLOATS[kind]}g}}', CAST({cell} AS DOUBLE))"
        text = f"coalesce(CAST(TRY_CAST({digits} AS DECIMAL(38, 10)) AS VARCHAR), {digits})"  # 1e-05 written out
    return f"nullif({text}, 'nan')"


def _unreadable(path: Path, error: Exception) -> SfbenchError:
    why = str(error).splitlines()[0]
    return SfbenchError("the file cannot be read as Parquet", where=str(path), why=why, fix="write it again")
