"""The frozen set and the worked tables joined, as text and as a dataset folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from sfbench.spec import Table
from tests.acceptance import edits as base
from tests.acceptance.loader import PARSE, TYPES

HERE = Path(__file__).parent
ARROW = {**TYPES, "number": pa.float64()}
READ = {**PARSE, "number": float}
KEYS = {  # keys of the tables of the frozen set that get more columns or rows here
    "enterprise": ("enterprise_id",),
    "institution": ("institution_id",),
    "month": ("month",),
    "product": ("product_id",),
    "credit_application": ("application_id",),
    "loan": ("loan_id",),
    "loan_balance": ("month", "loan_id"),
    "loan_flow": ("loan_id", "flow_no"),
}


def plants() -> list[dict[str, Any]]:
    """The planted violations."""
    return yaml.safe_load((HERE / "violations.yaml").read_text(encoding="utf-8"))


def read_tables(edits: Iterable[Mapping[str, Any]] = ()) -> base.Tables:
    """The frozen set without its planted gap, the worked tables beside it, and the edits applied in order."""
    clean = yaml.safe_load((base.HERE / "violations.yaml").read_text(encoding="utf-8"))["clean"]
    tables = base.read_tables(clean)
    for path in sorted((HERE / "tables").glob("*.csv")):
        rows = base.read_csv(path)
        tables[path.stem] = joined(tables[path.stem], rows, KEYS[path.stem]) if path.stem in tables else rows
    for edit in edits:
        base.apply(tables, edit)
    return tables


def joined(old: list[base.Row], new: list[base.Row], key: tuple[str, ...]) -> list[base.Row]:
    """Old rows with the cells that a new row of the same key adds, then the new rows of their own key."""
    more = {tuple(row[k] for k in key): row for row in new}
    both = [{**row, **more.pop(tuple(row[k] for k in key), {})} for row in old]
    return [*both, *more.values()]


def write_dataset(folder: Path, tables: base.Tables, declared: Mapping[str, Table]) -> Path:
    """Every declared table as Parquet; a table without rows is written empty, so that no check stays unmade."""
    for name, table in declared.items():
        arrays = []
        for column in table.columns:
            cells = [row[column.name] for row in tables.get(name, ())]
            read = READ[column.kind]
            arrays.append(pa.array([read(cell) if cell != "" else None for cell in cells], ARROW[column.kind]))
        path = folder / "data" / name / "part-00000.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(pa.table(arrays, names=[column.name for column in table.columns]), path)
    return folder
