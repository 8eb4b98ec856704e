"""Compares what a Parquet file holds with what its table declares, by footer alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Column, Table
from sfbench.store.arrow import schema
from sfbench.store.manifest import FileEntry

DUCKDB_TYPES: Mapping[str, str] = {
    "key": "BIGINT",
    "count": "BIGINT",
    "code": "VARCHAR",
    "text": "VARCHAR",
    "money": "DECIMAL(18,2)",
    "rate": "DECIMAL(10,5)",
    "date": "DATE",
    "flag": "BOOLEAN",
    "number": "DOUBLE",
}
_NUMBER = (pa.types.is_integer, pa.types.is_decimal, pa.types.is_floating)
_TEXT = (pa.types.is_string, pa.types.is_large_string, pa.types.is_dictionary, pa.types.is_string_view)
_FITS = {
    "key": (pa.types.is_integer,),
    "count": (pa.types.is_integer,),
    "code": _TEXT,
    "text": _TEXT,
    "money": _NUMBER,
    "rate": _NUMBER,
    "date": (pa.types.is_date, pa.types.is_timestamp),
    "flag": (pa.types.is_boolean,),
    "number": _NUMBER,
}


def footer(path: Path) -> pq.FileMetaData:
    """The footer of a Parquet file. Raises SfbenchError if the file is missing, cut short or no Parquet."""
    try:
        return pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        why = "the file is missing" if not path.exists() else str(error)
        fix = "`sfbench verify` lists all damage; generate the dataset again, or restore the file"
        raise SfbenchError("the file cannot be read as Parquet", where=str(path), why=why, fix=fix) from error


def check_listed(folder: Path, entry: FileEntry, table: Table | None) -> None:
    """Size, footer, rows and schema of a file that a manifest lists. Raises SfbenchError that names the file."""
    path = folder / entry.path
    fix = "`sfbench verify` lists all damage; generate the dataset again, or restore the file"
    if path.is_file() and path.stat().st_size != entry.bytes:
        why = f"the manifest says {entry.bytes} bytes, the file has {path.stat().st_size}"
        raise SfbenchError("the file was cut short or changed", where=str(path), why=why, fix=fix)
    found = footer(path)
    if found.num_rows != entry.rows:
        why = f"the manifest says {entry.rows} rows, the file has {found.num_rows}"
        raise SfbenchError("the file was changed", where=str(path), why=why, fix=fix)
    columns = found.schema.to_arrow_schema()
    if table is None and sorted(columns.names) != sorted(entry.columns):  # the manifest lists them by name
        why = f"the manifest lists {', '.join(entry.columns)}; the file has {', '.join(columns.names)}"
        raise SfbenchError("the file has other columns than the manifest", where=str(path), why=why, fix=fix)
    if table is not None:
        wrong = differences(columns, table)
        if wrong:
            raise SfbenchError("the file does not fit its declaration", where=str(path), why="; ".join(wrong), fix=fix)


def differences(found: pa.Schema, table: Table) -> list[str]:
    """In words, each column that is missing, too many or of another type; metadata and order of codes aside."""
    declared = schema(table)
    if found.equals(declared):  # at once: hundreds of files are as they should be
        return []
    words = [f"no column {name!r}" for name in declared.names if name not in found.names]
    words += [f"column {name!r} is not declared" for name in found.names if name not in declared.names]
    for name in declared.names:
        if name in found.names and found.field(name).type != declared.field(name).type:
            words.append(f"column {name!r} is {found.field(name).type}, not {declared.field(name).type}")
    if not words and found.names != declared.names:
        words.append("the columns stand in another order")
    return words


def check_user_file(path: Path, table: Table) -> None:
    """A user's own file must have the declared columns, of types that convert; more columns are ignored."""
    found = footer(path).schema.to_arrow_schema()
    for column in table.columns:
        where = f"{path}: {table.name}.{column.name}"
        if column.name not in found.names:
            raise SfbenchError("the column is missing", where=where, fix=did_you_mean(column.name, found.names))
        kind = found.field(column.name).type
        if not fits(column, kind):
            why = f"a {column.kind} column is {DUCKDB_TYPES[column.kind]}"
            raise SfbenchError(f"the column is {kind}", where=where, why=why)


def fits(column: Column, found: pa.DataType) -> bool:
    """Whether values of this type convert to what the column declares; one without a value has no type of its own."""
    return any(test(found) for test in _FITS[column.kind]) or (column.nullable and pa.types.is_null(found))
