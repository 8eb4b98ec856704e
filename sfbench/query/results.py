"""Writes the rows of a query as they come, so that a large result needs no memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import BinaryIO, Literal, get_args

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.metrics import records

Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = get_args(Format)


def write_result(rows: pa.RecordBatchReader, sink: BinaryIO, form: Format) -> int:
    """Writes all rows; returns how many. JSON is a list with one record per row.

    Raises SfbenchError if the query fails on the way or its result has a type that the format cannot hold.
    """
    try:
        return _WRITERS[form](rows, sink)
    except (duckdb.Error, pa.ArrowException, ValueError) as error:  # ValueError: JSON has no NaN and no infinity
        raise SfbenchError(
            "the query fails", why=str(error), fix="cast the column, or choose another format"
        ) from error


def head(rows: pa.RecordBatchReader, count: int) -> tuple[pa.Table, bool]:
    """The first rows, and whether there are more. Raises SfbenchError if the query fails on the way."""
    batches, found = [], 0
    try:
        for batch in rows:
            batches.append(batch)
            found += batch.num_rows
            if found > count:
                break
    except (duckdb.Error, pa.ArrowException) as error:
        raise SfbenchError("the query fails", why=str(error)) from error
    return pa.Table.from_batches(batches, rows.schema).slice(0, count), found > count


def _csv(rows: pa.RecordBatchReader, sink: BinaryIO) -> int:
    from pyarrow import csv

    count = 0
    with csv.CSVWriter(sink, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _json(rows: pa.RecordBatchReader, sink: BinaryIO) -> int:
    names = rows.schema.names
    if twice := sorted({name for name in names if names.count(name) > 1}):
        fix = "name them apart with AS, or choose csv"
        raise SfbenchError(f"several columns are called {twice[0]!r}", where="--format json", fix=fix)
    count, separator = 0, "[\n"
    for batch in rows:
        found = records(pa.Table.from_batches([batch]))
        count += len(found)
        for record in found:
            text = json.dumps(record, ensure_ascii=False, default=_plain, allow_nan=False)
            sink.write((separator + text).encode())
            separator = ",\n"
    sink.write(b"\n]\n" if count else b"[]\n")
    return count


def _plain(value: object) -> object:
    """Money as a number: a double holds every cent up to 7e13 yuan. A sum of whole numbers is one, with all digits."""
    if not isinstance(value, Decimal):
        return str(value)
    return int(value) if value.as_tuple().exponent == 0 else float(value)


def _parquet(rows: pa.RecordBatchReader, sink: BinaryIO) -> int:
    import pyarrow.parquet as pq

    count = 0
    with pq.ParquetWriter(sink, rows.schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


_WRITERS: dict[Format, Callable[[pa.RecordBatchReader, BinaryIO], int]] = {
    "csv": _csv,
    "json": _json,
    "parquet": _parquet,
}
