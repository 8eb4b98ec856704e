"""The tables of the set as text, and edits to them (the `edits` of changes.yaml and violations.yaml).

{op: set, table: T, key: {k: v}, column: C, value: V}     one cell; value null empties it
{op: add, table: T, like: {k: v}, row: {column: value}}   a new row: a copy of `like` with the cells of `row`
{op: duplicate, table: T, key: {k: v}}                    the row once more
{op: delete, table: T, key: {k: v}}                       the row goes
{op: delete_where, table: T, where: {column: value or list}}   all rows with these values go
{op: shift, table: T, where: {column: value or list}, columns: [C, ...], by: "-1.00"}   adds to amounts
{op: retype, table: T, column: C, type: text}             the whole column is stored as another kind
{op: drop_column, table: T, column: C} and {op: drop_table, table: T}
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = dict[str, str]
Tables = dict[str, list[Row]]


def read_csv(path: Path) -> list[Row]:
    """Rows of a CSV file, every cell as text; an empty cell is null."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_schema() -> list[Row]:
    """One row per column: table, column, key, kind, nullable, values, references, bounds, check."""
    return read_csv(HERE / "schema.csv")


def read_tables(edits: Iterable[Mapping[str, Any]] = ()) -> Tables:
    """All tables by name, with the edits applied in order. LookupError if an edit's key matches not one row."""
    tables = {path.stem: read_csv(path) for path in sorted((HERE / "tables").glob("*.csv"))}
    for edit in edits:
        apply(tables, edit)
    return tables


def cell(value: Any) -> str:
    """A YAML value as the CSV writes it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def apply(tables: Tables, edit: Mapping[str, Any]) -> None:
    """One edit, in place. `retype` changes no cell here: the loader acts on it."""
    op, table = edit["op"], edit["table"]
    if op == "drop_table":
        del tables[table]
        return
    rows = tables[table]
    if op == "set":
        row = find(rows, edit["key"])
        assert edit["column"] in row, edit
        row[edit["column"]] = cell(edit["value"])
    elif op == "add":
        new = {column: cell(value) for column, value in edit["row"].items()}
        base = find(rows, edit["like"]) if "like" in edit else dict.fromkeys(rows[0], "")
        assert set(new) <= set(base), edit
        rows.append({**base, **new})
    elif op == "duplicate":
        rows.append(dict(find(rows, edit["key"])))
    elif op == "delete":
        rows.remove(find(rows, edit["key"]))
    elif op == "delete_where":
        kept = [row for row in rows if not _matches(row, edit["where"])]
        assert len(kept) < len(rows), edit
        tables[table] = kept
    elif op == "shift":
        chosen = [row for row in rows if _matches(row, edit["where"])]
        assert chosen, edit
        for row in chosen:
            row.update({column: str(Decimal(row[column]) + Decimal(edit["by"])) for column in edit["columns"]})
    elif op == "drop_column":
        for row in rows:
            del row[edit["column"]]
    elif op != "retype":
        raise ValueError(f"unknown edit {op!r}")


def find(rows: list[Row], key: Mapping[str, Any]) -> Row:
    """The first row with this key."""
    for row in rows:
        if _matches(row, key):
            return row
    raise LookupError(f"no row with {dict(key)}")


def _matches(row: Row, key: Mapping[str, Any]) -> bool:
    return all(
        row[column] in ([cell(v) for v in value] if isinstance(value, list) else [cell(value)])
        for column, value in key.items()
    )
