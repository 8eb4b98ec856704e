"""Write the set, with or without edits, as a dataset folder of Parquet files in the published types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .edits import read_schema, read_tables

TYPES: dict[str, pa.DataType] = {
    "key": pa.int64(), "count": pa.int64(), "code": pa.string(), "text": pa.string(), "money": pa.decimal128(18, 2),
    "rate": pa.decimal128(10, 5), "date": pa.date32(), "flag": pa.bool_(),
}  # fmt: skip
PARSE = {
    "key": int, "count": int, "code": str, "text": str, "money": Decimal, "rate": Decimal, "date": date.fromisoformat,
    "flag": {"true": True, "false": False}.__getitem__,
}  # fmt: skip


def write_dataset(folder: Path | str, edits: Iterable[Mapping[str, Any]] = ()) -> Path:
    """`folder`/data/<table>/part-00000.parquet for every table, the edits applied. Returns the folder.

    Every cell must parse as its column's kind, or ValueError; a `retype` edit stores its column as another kind.
    """
    edits = list(edits)
    retyped = {(e["table"], e["column"]): e["type"] for e in edits if e["op"] == "retype"}
    kinds: dict[str, dict[str, str]] = {}
    for line in read_schema():
        kinds.setdefault(line["table"], {})[line["column"]] = line["kind"]
    for name, rows in read_tables(edits).items():
        present = [column for column in kinds[name] if not rows or column in rows[0]]
        arrays, fields = [], []
        for column in present:
            kind = retyped.get((name, column), kinds[name][column])
            cells = [PARSE[kind](row[column]) if row[column] != "" else None for row in rows]
            arrays.append(pa.array(cells, TYPES[kind]))
            fields.append(pa.field(column, TYPES[kind]))
        path = Path(folder) / "data" / name / "part-00000.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(arrays, schema=pa.schema(fields)), path)
    return Path(folder)
