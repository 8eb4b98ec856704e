"""What of a user's own tables can be read: each file and column against the declarations, by footer alone."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.shape import DUCKDB_TYPES, fits, footer

Kind = Literal["missing", "type", "unreadable", "undated"]


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a declared column (or, with an empty `column`, a whole table) of a user's folder cannot be used."""

    table: str
    column: str
    kind: Kind
    why: str  # in words, such as 'VARCHAR, not DECIMAL(18,2)'; empty where the kind says all

    @property
    def name(self) -> str:
        """`table` or `table.column`."""
        return f"{self.table}.{self.column}" if self.column else self.table


def survey(files: Mapping[str, Sequence[Path]], declared: Mapping[str, Table]) -> list[Defect]:
    """Defects of the tables that the files hold, in order; a table without files is not spoken of."""
    return [defect for name, paths in files.items() for defect in _of_table(name, paths, declared.get(name))]


def usable(
    name: str, table: Table | None, defects: Iterable[Defect], as_of: datetime.date | None = None
) -> tuple[Table | None, list[Defect]]:
    """The declaration without the columns that cannot be read, and the defects that this and `as_of` bring with them.

    A defect of the whole table among them says that it can have no view.
    """
    if table is None:
        why = "nothing declares when its rows were known"
        return None, [Defect(name, "", "undated", why)] if as_of else []
    lost = {defect.column for defect in defects if defect.table == name}
    dates = {table.known_on, table.gone_on} - {""} if as_of else set()
    if without := sorted(dates & lost):
        return None, [Defect(name, "", "undated", f"without {', '.join(without)} it cannot be cut by a date")]
    undated = [c for c in table.columns if as_of and c.known_on in lost and c.name not in lost]
    more = [Defect(name, c.name, "undated", f"without {c.known_on} it cannot be cut by a date") for c in undated]
    columns = tuple(c for c in table.columns if c.name not in lost and c not in undated)
    if not columns:
        return None, [Defect(name, "", "missing", "none of its columns can be read")]
    return replace(table, columns=columns), more


def _of_table(name: str, paths: Sequence[Path], table: Table | None) -> list[Defect]:
    schemas: list[pa.Schema] = []
    for path in paths:
        try:
            schemas.append(footer(path).schema.to_arrow_schema())
        except SfbenchError as error:
            return [Defect(name, "", "unreadable", f"{path.name} cannot be read as Parquet: {_line(error.why)}")]
    found: dict[str, Defect] = {}
    for path, schema in zip(paths, schemas, strict=True):
        for column in table.columns if table else ():
            place = f" in {path.name}" if len(paths) > 1 else ""
            if column.name not in schema.names:
                found.setdefault(column.name, Defect(name, column.name, "missing", f"missing{place}"))
            elif not fits(column, schema.field(column.name).type):
                why = f"{schema.field(column.name).type}, not {DUCKDB_TYPES[column.kind]}{place}"
                found.setdefault(column.name, Defect(name, column.name, "type", why))
    return list(found.values())


def _line(text: str) -> str:
    return text.splitlines()[0] if text else "it is damaged"
