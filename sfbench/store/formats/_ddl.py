"""`CREATE TABLE` with comments and keys for PostgreSQL, MySQL, SQLite and DuckDB, from the declarations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from sfbench.spec import Column, Table, parents
from sfbench.store.formats._source import Source, quoted

Dialect = Literal["postgres", "mysql", "sqlite", "duckdb"]

_TYPES: dict[Dialect, dict[str, str]] = {
    "postgres": {"code": "text", "text": "text", "number": "double precision", "money": "numeric(18,2)"},
    "mysql": {"code": "varchar(191)", "text": "text", "number": "double", "money": "decimal(18,2)"},
    "sqlite": {"key": "integer", "count": "integer", "code": "text", "text": "text", "number": "real"},
    "duckdb": {"code": "VARCHAR", "text": "VARCHAR", "number": "DOUBLE"},
}
_COMMON = {
    "key": "bigint",
    "count": "bigint",
    "money": "decimal(18,2)",
    "rate": "decimal(10,5)",
    "date": "date",
    "flag": "boolean",
}
_LONGEST_KEY = "varchar(191)"  # MySQL indexes no text without a length


def name_in(dialect: Dialect, name: str) -> str:
    """A name in the quotes of the dialect."""
    return f"`{name}`" if dialect == "mysql" else quoted(name)


def text_in(dialect: Dialect, text: str) -> str:
    """A text in the quotes of the dialect."""
    text = text.replace("\\", "\\\\") if dialect == "mysql" else text
    return "'" + text.replace("'", "''") + "'"


def create(table: Table, dialect: Dialect, *, key: bool = False) -> str:
    """The statement without foreign keys; with `key` the primary key is in it. MySQL's has the comments in it too."""
    lines = [f"  {_column(table, column, dialect)}" for column in table.columns]
    if key:
        lines.append(f"  PRIMARY KEY ({', '.join(name_in(dialect, name) for name in table.key)})")
    body = ",\n".join(lines)
    tail = f"\n) COMMENT={text_in(dialect, comment(table))}" if dialect == "mysql" else "\n)"
    return f"CREATE TABLE {name_in(dialect, table.name)} (\n{body}{tail}"


def comments(table: Table, dialect: Dialect, mark: str) -> Iterator[str]:
    """`COMMENT ON` for the table, with the mark, and each column; for PostgreSQL and DuckDB."""
    name = name_in(dialect, table.name)
    yield f"COMMENT ON TABLE {name} IS {text_in(dialect, comment(table, mark))}"
    for column in table.columns:
        yield f"COMMENT ON COLUMN {name}.{quoted(column.name)} IS {text_in(dialect, remark(column))}"


def comment(table: Table, mark: str = "") -> str:
    """What a table is, in both languages."""
    return f"{table.zh} {table.en}" + (f" [{mark}]" if mark else "")


def remark(column: Column) -> str:
    """What a column is: both languages, unit, the reporting standard's code name."""
    return f"{column.zh} {column.en}" + "".join(f"; {part}" for part in (column.unit, column.standard) if part)


def sound_key(source: Source, table: Table) -> bool:
    """Whether every row has a key of its own: planted faults may copy rows."""
    names = ", ".join(map(quoted, table.key))
    if any(table.column(name).nullable for name in table.key):
        return False
    return not source.number(
        f"SELECT count(*) FROM (SELECT 1 FROM {quoted(table.name)} GROUP BY {names} HAVING count(*) > 1)"
    )


def references(source: Source, keyed: set[str]) -> Iterator[tuple[Table, Column, str, str, int]]:
    """(table, column, parent, its key, rows without a parent) of each reference to the one-column key of a table."""
    for table in source.tables.values():
        for name, parent, key in parents.references(table, keyed):
            if source.tables[parent].key == (key,):
                child, cell = quoted(table.name), quoted(name)
                orphans = source.number(
                    f"SELECT count(*) FROM {child} AS child ANTI JOIN {quoted(parent)} AS parent "
                    f"ON child.{cell} = parent.{quoted(key)} WHERE child.{cell} IS NOT NULL"
                )
                yield table, table.column(name), parent, key, orphans


def _column(table: Table, column: Column, dialect: Dialect) -> str:
    kind = _TYPES[dialect].get(column.kind) or _COMMON[column.kind]
    if dialect == "mysql" and kind == "text" and column.name in table.key:
        kind = _LONGEST_KEY
    line = f"{name_in(dialect, column.name)} {kind}{'' if column.nullable else ' NOT NULL'}"
    return line + (f" COMMENT {text_in(dialect, remark(column))}" if dialect == "mysql" else "")
