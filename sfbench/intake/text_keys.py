"""Keys that are texts, such as a note's code: numbers that depend on the text alone, so that every file has the same.

A whole number stays what it is, below `_FIRST`; any other text is `_FIRST` plus 62 bits of its MD5, so that the two
never meet. Tables that every city has alike have numbers of their own: `labels` knows what people write for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.spec.alike import ALIKE
from sfbench.store.read import sql_text

NAME = "text_keys.csv"
_FIRST = 1 << 62
_TABLE = "_text_keys"


def may_be_text(table: Table, column: Column) -> bool:
    """Whether it is a key, and of nothing that every city has alike."""
    return column.kind == "key" and not {table.name, column.references.partition(".")[0]} & set(ALIKE)


def number(text: str) -> str:
    """The SQL of a key's number, given that of its text."""
    whole = rf"regexp_full_match({text}, '(0|[1-9]\d{{0,17}})(\.0*)?')"
    named = f"CAST(md5_number_lower({text}) & {_FIRST - 1} AS BIGINT) + {_FIRST}"
    return f"CASE WHEN {whole} THEN TRY_CAST({text} AS BIGINT) ELSE {named} END"


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Makes room for the texts of an import."""
    con.execute(f"CREATE TABLE {_TABLE} (text VARCHAR, number BIGINT)")


def gather(con: duckdb.DuckDBPyConnection, rows: str, columns: Iterable[tuple[str, str]]) -> None:
    """Notes which texts stand behind numbers, of (text, number) columns of these rows."""
    for text, found in columns:
        new = f"SELECT DISTINCT trim({text}), {found} FROM {rows} WHERE {found} >= {_FIRST}"
        con.execute(f"INSERT INTO {_TABLE} {new}")


def write(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Writes the texts and their numbers as CSV. Raises SfbenchError if two texts have one number (never met)."""
    shared = f"SELECT min(text), max(text) FROM {_TABLE} GROUP BY number HAVING min(text) < max(text)"
    for one, other in con.execute(shared).fetchall():
        fix = "change one of the two in all files"
        raise SfbenchError(f"the keys {one!r} and {other!r} have the same number", where=NAME, fix=fix)
    target = sql_text(str(folder / NAME))
    con.execute(f"COPY (SELECT DISTINCT text, number FROM {_TABLE} ORDER BY text) TO {target} (FORMAT csv, HEADER)")
