"""Finds the row that a person asks about, and the firm whose history it belongs to."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import duckdb

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table

_FIRM = "enterprise.enterprise_id"


def key_of(text: str, table: Table) -> dict[str, str]:
    """`42`, `loan_id=42` or `loan_id=42,month=2025-12-31` as texts by column; the first key columns by default."""
    parts = [part.strip() for part in text.split(",")]
    named = [part.split("=", 1) if "=" in part else [name, part] for name, part in zip(table.key, parts, strict=False)]
    if len(parts) > len(table.key) or any(name.strip() not in table.key for name, _ in named):
        keys, fix = ", ".join(table.key), f"try --key {','.join(f'{name}=...' for name in table.key)}"
        raise SfbenchError(f"{text!r} is no key of {table.name!r}", where="--key", why=f"its key is {keys}", fix=fix)
    return {name.strip(): value.strip() for name, value in named}


def row_of(connection: duckdb.DuckDBPyConnection, table: Table, key: Mapping[str, str]) -> dict[str, Any]:
    """The row with that key; the last one where a part of the key is left open. Raises SfbenchError without one."""
    where = " AND ".join(f'CAST("{name}" AS VARCHAR) = ?' for name in key)
    order = ", ".join(f'"{name}" DESC' for name in table.key)
    found = connection.execute(f'SELECT * FROM "{table.name}" WHERE {where} ORDER BY {order} LIMIT 1', [*key.values()])
    row = found.fetchone()
    if row is None:
        words = ", ".join(f"{name}={value}" for name, value in key.items())
        parts = ", ".join(f'"{name}"' for name in table.key)
        some = connection.execute(f'SELECT {parts} FROM "{table.name}" LIMIT 1').fetchone()
        fix = f"try --key {','.join(map(str, some))}" if some else "the table is empty: choose another"
        raise SfbenchError(f"{table.name!r} has no row {words}", where="--key", fix=fix)
    return dict(zip([column[0] for column in found.description or ()], row, strict=True))


def firm_of(
    connection: duckdb.DuckDBPyConnection, table: Table, row: Mapping[str, Any], known: Mapping[str, Table]
) -> int | None:
    """The firm number that a row leads to along its references; None if none does (a fund, a bank, a month)."""
    if "enterprise_id" in row and row["enterprise_id"] is not None:
        return int(row["enterprise_id"])
    for column in table.columns:
        parent, _, parent_key = column.references.partition(".")
        if column.references == _FIRM and row[column.name] is not None:
            return int(row[column.name])
        if parent in ("", "month", table.name) or row[column.name] is None or not _has(connection, parent):
            continue
        if known[parent].stage == "block":
            above = row_of(connection, known[parent], {parent_key: str(row[column.name])})
            firm = firm_of(connection, known[parent], above, known)
            if firm is not None:
                return firm
    return None


def raw_of(column: Column, value: Any) -> str:
    """A stored value as the generator's raw one: cents, 1e-5 percent, days, a position in the codes; else as it is."""
    places = {code.code: place for place, code in enumerate(column.values)}
    if column.kind == "code" and value in places:
        return str(places[value])
    if column.kind == "date" and isinstance(value, datetime.date):
        return str((value - datetime.date(1970, 1, 1)).days)
    if isinstance(value, Decimal):
        return str(int(value * (100 if column.kind == "money" else 100_000)))
    return str(value)


def _has(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [table]).fetchone()
    return found is not None
