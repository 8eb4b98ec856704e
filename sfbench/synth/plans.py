"""Tables without a recipe: what is learned of them follows from their declaration.

Keys are numbered anew, and so is what is declared a key without being the table's own. The parent is the first
reference to another table that is learned; a further reference to such a table is drawn from its rows; one to a
register (a public table that goes into the copy) is a category. Identifiers and free text are made anew
(`sfbench.synth.fictional`); of these and of further references is learned which rows have none. All else is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.spec import Column, Table
from sfbench.store.shape import DUCKDB_TYPES
from sfbench.synth import fictional
from sfbench.synth.columns import Ints
from sfbench.synth.learned import Learned

Role = Literal["number", "parent", "other row", "gone", "category", "made anew", "learned"]


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def parent_of(table: Table, among: Sequence[str]) -> tuple[str, str]:
    """(parent, column that names its row): the first reference to another table of `among`; ("", "") if none."""
    for column in sorted(table.columns, key=lambda c: c.nullable):
        to = column.references.partition(".")[0]
        if to in among and to != table.name and not column.nullable:
            return to, column.name
    return "", ""


def roles(table: Table, among: Sequence[str]) -> dict[str, Role]:
    """What becomes of each column."""
    parent_key = parent_of(table, among)[1]
    return {column.name: _role(table, column, among, parent_key) for column in table.columns}


def _role(table: Table, column: Column, among: Sequence[str], parent_key: str) -> Role:
    to = column.references.partition(".")[0]
    if column.name == parent_key:
        return "parent"
    if to in among:
        return "other row"
    if to and column.kind != "code":
        return "category" if column.privacy == "public" else "gone"
    if table.key == (column.name,) or column.kind == "key":
        return "number"
    if column.kind == "text" or column.privacy == "identifier":
        return "made anew"
    return "learned"


def learn_sql(table: Table, among: Sequence[str]) -> str:
    """The query of what is learned, with `_key` and `_parent`."""
    parent_key, cells = parent_of(table, among)[1], []
    for name, role in roles(table, among).items():
        if role == "category":
            cells.append(f"{quoted(name)}::VARCHAR AS {quoted(name)}")
        elif role == "learned":
            cells.append(quoted(name))
        elif role in ("other row", "made anew") and table.column(name).nullable:
            cells.append(f"{quoted(name)} IS NOT NULL AS {quoted(name)}")
    names = ", ".join(map(quoted, table.key or [column.name for column in table.columns]))
    key = names if len(table.key) == 1 else f"hash({names})"  # whatever the order of the rows, the same
    parent = f", {quoted(parent_key)} AS _parent" if parent_key else ""
    return f"SELECT {', '.join([f'{key} AS _key', *cells])}{parent} FROM {quoted(table.name)}"


def emit(
    table: Table,
    among: Sequence[str],
    drawn: Learned,
    numbers: Ints,
    made: Mapping[str, pa.Table],
    random: np.random.Generator,
) -> pa.Table:
    """The declared columns of a drawn table; `numbers` are its new keys, `made` the tables that are ready."""
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    own = {table.name: numbers}
    for name, role in roles(table, among).items():
        column, to = table.column(name), table.column(name).references
        if role == "number":
            columns[name] = pa.array(numbers)
        elif role == "parent" and drawn.parent_row is not None:
            parent, _, key = to.partition(".")
            columns[name] = made[parent][key].take(pa.array(drawn.parent_row))
        elif role == "other row":
            columns[name] = _other(column, to, drawn, own, made, random)
        elif role == "category":
            columns[name] = drawn.columns[name]
        elif role == "made anew":
            columns[name] = _where_drawn(name, drawn, _anew(column, numbers, random))
        elif role == "learned":
            columns[name] = drawn.columns[name]
        else:
            columns[name] = pa.nulls(drawn.rows) if column.nullable else pa.array(numbers)
    return pa.table(columns)


def _anew(column: Column, numbers: Ints, random: np.random.Generator) -> pa.Array:
    """Texts and numbers that are nobody's; no day, amount or flag is known to be, so there is none."""
    if column.check == "uscc":
        return fictional.credit_codes(len(numbers), random)
    if column.kind in ("code", "text"):
        return fictional.texts(column.name, len(numbers))
    return pa.array(numbers) if column.kind in ("key", "count") else pa.nulls(len(numbers))


def _other(
    column: Column,
    to: str,
    drawn: Learned,
    own: Mapping[str, Ints],
    made: Mapping[str, pa.Table],
    random: np.random.Generator,
) -> pa.Array:
    """A row of another table, at random; null where null was drawn, or while the other table is not there."""
    table, _, key = to.partition(".")
    keys = pa.array(own[table]) if table in own else made[table][key] if table in made else None
    if keys is None or not len(keys):
        return pa.nulls(drawn.rows, pa.int64())
    return _where_drawn(column.name, drawn, keys.take(pa.array(random.integers(0, len(keys), drawn.rows))))


def _where_drawn(name: str, drawn: Learned, cells: pa.Array) -> pa.Array:
    """The cells of a column, null where it was drawn that there is none."""
    if name not in drawn.columns.column_names:
        return cells
    return pc.if_else(drawn.columns[name], cells, pa.scalar(None, cells.type))


def bounded_sql(table: Table, view: str) -> str:
    """The rows of a view in declared types, within the declared bounds, one row a key."""
    cells = []
    for column in table.columns:
        cell = f"CAST({quoted(column.name)} AS {DUCKDB_TYPES[column.kind]})"
        low, high = _bounds(column)
        if low and high:
            cell = f"greatest(least({cell}, {high}), {low})"
        elif low or high:
            cell = f"greatest({cell}, {low})" if low else f"least({cell}, {high})"
        if column.nullable and (low or high):
            cell = f"CASE WHEN {quoted(column.name)} IS NOT NULL THEN {cell} END"
        cells.append(f"CAST({cell} AS {DUCKDB_TYPES[column.kind]}) AS {quoted(column.name)}")
    keys = ", ".join(quoted(name) for name in table.key)
    once = f"QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY _row) = 1" if keys else ""
    return f"SELECT _row, {', '.join(cells)} FROM {view} {once} ORDER BY _row"


def _bounds(column: Column) -> tuple[str, str]:
    if column.kind == "date":
        return tuple(f"DATE '{day}'" if day else "" for day in (column.low_on, column.high_on))  # type: ignore[return-value]
    kind = DUCKDB_TYPES[column.kind]
    return tuple("" if n is None else f"CAST({n!r} AS {kind})" for n in (column.low, column.high))  # type: ignore[return-value]


def types(table: Table) -> dict[str, str]:
    """The columns of a table with their types in DuckDB."""
    return {column.name: DUCKDB_TYPES[column.kind] for column in table.columns}


def empty_view(name: str, columns: Mapping[str, str]) -> str:
    """The statement that makes a view without rows: it stands for a table that is not learned."""
    cells = ", ".join(f"NULL::{kind} AS {quoted(column)}" for column, kind in columns.items())
    return f"CREATE VIEW {quoted(name)} AS SELECT {cells} WHERE false"
