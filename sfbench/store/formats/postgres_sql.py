"""An SQL dump for PostgreSQL: tables, comments, data as `COPY`, then keys; one transaction. Load it with `psql -f`.

A key or reference that the data break (planted faults do) stands in the file as a remark with the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.formats._ddl import comments, create, references, sound_key
from sfbench.store.formats._format import Format, Wishes
from sfbench.store.formats._source import Source, quoted
from sfbench.store.read import sql_text


def write(source: Source, out: str, wishes: Wishes) -> None:
    """One file."""
    for table in source.tables.values():
        _refuse_nul(source, table)
    path = Path(out)
    data = path.with_name(path.name + ".data")
    with path.open("w", encoding="utf-8", newline="\n") as sink:
        sink.write(f"-- {source.mark or source.path.name}\nSET client_encoding = 'UTF8';\nBEGIN;\n\n")
        for table in source.tables.values():
            sink.write(f"{create(table, 'postgres')};\n")
            sink.writelines(f"{statement};\n" for statement in comments(table, "postgres", source.mark))
            names = ", ".join(quoted(column.name) for column in table.columns)
            query = f"SELECT {names} FROM {quoted(table.name)}"
            source.connection.execute(f"COPY ({query}) TO {sql_text(str(data))} (FORMAT csv, HEADER false)")
            sink.write(f"COPY {quoted(table.name)} ({names}) FROM stdin WITH (FORMAT csv);\n")
            with data.open(encoding="utf-8", newline="") as rows:
                while piece := rows.read(1 << 20):
                    sink.write(piece)
            sink.write("\\.\n\n")
        sink.writelines(f"{statement};\n" if sound else f"-- {statement}\n" for statement, sound in keys(source))
        sink.write("COMMIT;\n")
    data.unlink(missing_ok=True)


def _refuse_nul(source: Source, table: Table) -> None:
    """Texts that no PostgreSQL takes: its own end at this character, so `psql` would stop in the middle of the load."""
    for column in table.columns:
        if column.kind not in ("code", "text"):
            continue
        broken = f"contains({quoted(column.name)}::VARCHAR, chr(0))"
        rows = source.number(f"SELECT count(*) FROM {quoted(table.name)} WHERE {broken}")
        if rows:
            where = f"--format postgres-sql: {table.name}.{column.name}"
            why = f"PostgreSQL holds no text with the character NUL, {rows:,} rows have one"
            fix = "take the character out, leave the table out with --tables, or choose csv, parquet or duckdb"
            raise SfbenchError("a text holds the character NUL", where=where, why=why, fix=fix)


def keys(source: Source) -> Iterator[tuple[str, bool]]:
    """Each key and reference as `ALTER TABLE`, and whether the data obey it; for one that they break it says so."""
    keyed = set()
    for table in source.tables.values():
        names = ", ".join(map(quoted, table.key))
        statement = f"ALTER TABLE {quoted(table.name)} ADD PRIMARY KEY ({names})"
        if sound_key(source, table):
            keyed.add(table.name)
            yield statement, True
        else:
            yield f"{statement}: some rows share a key", False
    for table, column, parent, key, orphans in references(source, keyed):
        refers = f"FOREIGN KEY ({quoted(column.name)}) REFERENCES {quoted(parent)} ({quoted(key)})"
        statement = f"ALTER TABLE {quoted(table.name)} ADD {refers}"
        yield (f"{statement}: {orphans} rows have no parent", False) if orphans else (statement, True)


FORMAT = Format(zh="PostgreSQL 的 SQL 脚本", en="an SQL dump for PostgreSQL", holds="file", write=write, suffix=".sql")
