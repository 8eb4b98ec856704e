"""The frozen set, the worked tables and a group's own rows joined, and written as a dataset folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sfbench.content import tables as declared_tables
from sfbench.spec import Table
from tests.acceptance import edits as base
from tests.acceptance.worked.dataset import joined, read_tables, write_dataset

HERE = Path(__file__).parent


def groups() -> list[str]:
    """The groups of metrics that have a folder here."""
    return sorted(path.parent.name for path in HERE.glob("*/definitions.yaml"))


def declared() -> dict[str, Table]:
    """The published tables."""
    return {name: table.spec for name, table in declared_tables().items() if table.spec.published}


def group_tables(group: str, edits: Iterable[Mapping[str, Any]] = ()) -> base.Tables:
    """All rows that a group's figures are worked out from, with edits applied in order."""
    tables, specs = read_tables(), declared()
    for path in sorted((HERE / group / "tables").glob("*.csv")):
        rows = base.read_csv(path)
        assert path.stem in specs, f"{path}: no table of this name is declared"
        old = tables.get(path.stem)
        tables[path.stem] = joined(old, rows, specs[path.stem].key) if old else rows
    for edit in edits:
        base.apply(tables, edit)
    return tables


def write_group(folder: Path, group: str, edits: Iterable[Mapping[str, Any]] = ()) -> Path:
    """`folder`/data/<table>/part-00000.parquet for every declared table. Returns the folder."""
    return write_dataset(folder, group_tables(group, edits), declared())
