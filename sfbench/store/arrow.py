"""From declared columns to Arrow: the schema that readers see, and record batches made from raw arrays without a copy.

Inside, money and rates are int64 that become `decimal64` as they stand (no copy) and INT64-backed DECIMALs in Parquet.
Readers get `decimal128`: Arrow has no sum or sort for `decimal64`, and releases before 18 do not know it.
`pa.array` imports pandas wherever it is installed, so arrays are made from buffers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.draws.text import vocabulary_array
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.kit import Bools, Columns, Nullable
from sfbench.spec import Code, Column, Table

SYNTHETIC_MARK = "合成数据"
_DECIMAL = {"money": (18, 2), "rate": (10, 5)}  # precision, scale; both are the int64 of the raw column
_PLAIN = {"key": pa.int64(), "count": pa.int64(), "date": pa.date32(), "number": pa.float64()}
_RAW = {"key": np.int64, "count": np.int64, "money": np.int64, "rate": np.int64, "date": np.int32, "number": np.float64}


@cache
def schema(table: Table) -> pa.Schema:
    """Arrow schema of a table as readers get it, with names, units and the synthetic mark as metadata."""
    raw = raw_schema(table)
    fields = (
        field.with_type(pa.decimal128(field.type.precision, field.type.scale))
        if pa.types.is_decimal64(field.type)
        else field
        for field in raw
    )
    return pa.schema(fields, raw.metadata)


def batch(table: Table, columns: Columns) -> pa.RecordBatch:
    """Raw columns (see `spec.column.Column`) as one record batch of `raw_schema(table)`, columns in declared order.

    Numeric columns are shared with the batch, not copied. Raises SfbenchError that names `table.column` for a missing
    or unknown column, another length or dtype, a code outside its values, a figure too large for its decimal, or a
    null in a column that is not nullable.
    """
    declared = [column.name for column in table.columns]
    for name in columns:
        if name not in declared:
            raise SfbenchError(
                "the column is not declared", where=f"{table.name}.{name}", fix=did_you_mean(name, declared)
            )
    for name in declared:
        if name not in columns:
            raise SfbenchError(
                "the column was not made", where=f"{table.name}.{name}", why=f"{table.where} declares it"
            )
    rows = len(_split(columns[declared[0]])[0])
    arrays = [_array(f"{table.name}.{c.name}", c, columns[c.name], rows) for c in table.columns]
    return pa.RecordBatch.from_arrays(arrays, schema=raw_schema(table))


def in_memory(table: Table, batches: Iterable[pa.RecordBatch]) -> pa.Table:
    """Batches of `batch` as the Arrow table that users get (`schema(table)`); no batches give an empty table."""
    return pa.Table.from_batches(list(batches), schema=raw_schema(table)).cast(schema(table))


@cache
def raw_schema(table: Table) -> pa.Schema:
    """The same with `decimal64`: the schema of `batch`."""
    fields = [
        pa.field(
            column.name,
            pa.dictionary(_index_type(column), pa.string())
            if column.kind == "code"
            else pa.decimal64(*_DECIMAL[column.kind])
            if column.kind in _DECIMAL
            else pa.bool_()
            if column.kind == "flag"
            else pa.string()
            if column.kind == "text"
            else _PLAIN[column.kind],
            nullable=column.nullable,
            metadata={k: str(getattr(column, k)) for k in ("zh", "en", "unit", "standard", "kind")},
        )
        for column in table.columns
    ]
    marks = {"sfbench.synthetic": "true", "sfbench.mark": SYNTHETIC_MARK}
    return pa.schema(fields, {**marks, "sfbench.table": table.name, "zh": table.zh, "en": table.en})


def _index_type(column: Column) -> pa.DataType:
    return pa.int8() if len(column.values) <= 128 else pa.int16()


def _split(cells: Any) -> tuple[Any, Bools | None]:
    return (cells.values, cells.valid) if isinstance(cells, Nullable) else (cells, None)


def _array(where: str, column: Column, cells: Any, rows: int) -> pa.Array:
    values, valid = _split(cells)
    if len(values) != rows or (valid is not None and len(valid) != rows):
        fix = "give each column as many cells as the first column of the table"
        raise SfbenchError(f"{len(values)} cells in a batch of {rows} rows", where=where, fix=fix)
    if valid is not None:
        if valid.dtype != np.bool_:
            raise SfbenchError(f"`valid` is {valid.dtype}, not bool", where=where)
        if valid.all():
            valid = None
        elif not column.nullable:
            raise SfbenchError(f"{rows - int(valid.sum())} nulls in a column that is not nullable", where=where)
    if column.kind == "text":
        return _text(where, column, values, valid)
    if not isinstance(values, np.ndarray) or values.ndim != 1:
        raise SfbenchError(f"a {column.kind} column is a flat numpy array, not {type(values).__name__}", where=where)
    if column.kind == "code":
        return _code(where, column, values, valid)
    expected: Any = np.bool_ if column.kind == "flag" else _RAW[column.kind]
    if values.dtype != expected:
        raise SfbenchError(f"a {column.kind} column is {np.dtype(expected)}, not {values.dtype}", where=where)
    if column.kind == "flag":
        return _from(pa.bool_(), rows, _bits(values), valid)
    if column.kind in _DECIMAL:
        precision, scale = _DECIMAL[column.kind]
        _within(
            where, values, valid, -(10**precision) + 1, 10**precision - 1, f"does not fit DECIMAL({precision},{scale})"
        )
        return _from(pa.decimal64(precision, scale), rows, np.ascontiguousarray(values), valid)
    return _from(_PLAIN[column.kind], rows, np.ascontiguousarray(values), valid)


def _code(where: str, column: Column, values: NDArray[Any], valid: Bools | None) -> pa.Array:
    if values.dtype.kind not in "iu":
        raise SfbenchError(f"a code column holds positions (int), not {values.dtype}", where=where)
    _within(where, values, valid, 0, len(column.values) - 1, f"is no position in the {len(column.values)} values")
    kind = _index_type(column)
    raw = np.int8 if kind == pa.int8() else np.int16
    positions = np.ascontiguousarray(values if valid is None else np.where(valid, values, 0), raw)
    return pa.DictionaryArray.from_arrays(_from(kind, len(values), positions, valid), _words(column.values), safe=False)


def _text(where: str, column: Column, values: Any, valid: Bools | None) -> pa.Array:
    if not isinstance(values, pa.StringArray):
        raise SfbenchError(f"a text column is a pyarrow StringArray, not {type(values).__name__}", where=where)
    if values.null_count and not column.nullable:
        raise SfbenchError(f"{values.null_count} nulls in a column that is not nullable", where=where)
    if valid is None:
        return values
    if values.null_count:
        valid = valid & ~np.asarray(values.is_null().to_numpy(zero_copy_only=False))
    _, offsets, data = values.buffers()
    # The bitmap is read from the array's offset on, as the two buffers that stay are.
    shifted = np.concatenate([np.ones(values.offset, np.bool_), valid])
    buffers = [pa.py_buffer(_bits(shifted)), offsets, data]
    return pa.Array.from_buffers(pa.string(), len(values), buffers, offset=values.offset)


def _within(where: str, values: NDArray[Any], valid: Bools | None, low: int, high: int, why: str) -> None:
    if not values.size or (low <= int(values.min()) and int(values.max()) <= high):
        return
    seen = values if valid is None else values[valid]  # what lies under a null does not count
    if seen.size and not (low <= int(seen.min()) and int(seen.max()) <= high):
        wrong = int(seen.min()) if int(seen.min()) < low else int(seen.max())
        raise SfbenchError(f"{wrong} {why}", where=where)


def _from(kind: pa.DataType, rows: int, values: NDArray[Any], valid: Bools | None) -> pa.Array:
    bitmap = None if valid is None else pa.py_buffer(_bits(valid))
    return pa.Array.from_buffers(kind, rows, [bitmap, pa.py_buffer(values)])


def _bits(flags: Bools) -> NDArray[np.uint8]:
    return np.packbits(flags, bitorder="little")


@cache
def _words(values: tuple[Code, ...]) -> pa.StringArray:
    return vocabulary_array([value.code for value in values])
