"""A DuckDB database file: a table per table, with comments."""

from __future__ import annotations

from sfbench.store.formats._ddl import comments, create
from sfbench.store.formats._format import Format, Wishes
from sfbench.store.formats._source import Source, quoted
from sfbench.store.read import sql_text


def write(source: Source, out: str, wishes: Wishes) -> None:
    """One file."""
    con = source.connection
    before = con.execute("SELECT current_catalog()").fetchall()[0][0]
    con.execute(f"ATTACH {sql_text(out)} AS exported")
    try:
        for table in source.tables.values():
            con.execute("USE exported")
            con.execute(create(table, "duckdb"))
            names = ", ".join(quoted(column.name) for column in table.columns)
            view = f"{quoted(before)}.main.{quoted(table.name)}"
            con.execute(f"INSERT INTO {quoted(table.name)} SELECT {names} FROM {view}")
            for statement in comments(table, "duckdb", source.mark):
                con.execute(statement)
    finally:
        con.execute(f"USE {quoted(before)}")
        con.execute("DETACH exported")


FORMAT = Format(zh="DuckDB 数据库", en="a DuckDB database", holds="file", write=write, suffix=".duckdb")
