"""An SQL dump for MySQL 8 and MariaDB: tables with comments, rows as `INSERT`, then references.

Load it with `mysql DATABASE < FILE`.
A key or reference that the data break (planted faults do) stands in the file as a remark.
"""

from __future__ import annotations

from pathlib import Path

from sfbench.spec import Column, Table
from sfbench.store.formats._ddl import create, name_in, references, sound_key
from sfbench.store.formats._finite import refuse_not_finite
from sfbench.store.formats._format import Format, Wishes
from sfbench.store.formats._source import Source, quoted

_HEAD = """SET NAMES utf8mb4;
SET FOREIGN_KEY_CHECKS = 0;
SET autocommit = 0;
"""
_ROWS = 1000  # of an INSERT: far below the 16 MiB that a server takes at once


def write(source: Source, out: str, wishes: Wishes) -> None:
    """One file."""
    refuse_not_finite(source, "mysql-sql")
    keyed = {table.name for table in source.tables.values() if sound_key(source, table)}
    with Path(out).open("w", encoding="utf-8", newline="\n") as sink:
        sink.write(f"-- {source.mark or source.path.name}\n{_HEAD}\n")
        for table in source.tables.values():
            if table.name not in keyed:
                sink.write(f"-- no primary key for {table.name}: some rows share one\n")
            sink.write(f"{create(table, 'mysql', key=table.name in keyed)} DEFAULT CHARSET=utf8mb4;\n")
            for rows in source.batches(_rows(table), _ROWS):
                if rows.num_rows:
                    lines = ",\n".join(rows.column(0).to_pylist())
                    sink.write(f"INSERT INTO {name_in('mysql', table.name)} VALUES\n{lines};\n")
            sink.write("\n")
        for table, column, parent, key, orphans in references(source, keyed):
            refers = f"FOREIGN KEY (`{column.name}`) REFERENCES `{parent}` (`{key}`)"
            statement = f"ALTER TABLE `{table.name}` ADD {refers}"
            sink.write(f"-- {statement}: {orphans} rows have no parent\n" if orphans else f"{statement};\n")
        sink.write("SET FOREIGN_KEY_CHECKS = 1;\nCOMMIT;\n")


def _rows(table: Table) -> str:
    """A query that gives each row as `(1,'text',NULL)`."""
    cells = " || ',' || ".join(_literal(column) for column in table.columns)
    return f"SELECT '(' || {cells} || ')' FROM {quoted(table.name)}"


def _literal(column: Column) -> str:
    cell = quoted(column.name)
    if column.kind == "flag":
        text = f"CAST(CAST({cell} AS INTEGER) AS VARCHAR)"
    elif column.kind == "date":
        text = f"chr(39) || CAST({cell} AS VARCHAR) || chr(39)"
    elif column.kind in ("code", "text"):
        # A backslash begins an escape in MySQL; a quote is doubled.
        escaped = f"replace(replace({cell}, chr(92), chr(92) || chr(92)), chr(39), chr(39) || chr(39))"
        text = f"chr(39) || {escaped} || chr(39)"
    else:
        text = f"CAST({cell} AS VARCHAR)"
    return f"coalesce({text}, 'NULL')"


FORMAT = Format(zh="MySQL 的 SQL 脚本", en="an SQL dump for MySQL", holds="file", write=write, suffix=".sql")
