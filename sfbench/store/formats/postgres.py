"""Straight into a PostgreSQL server through ADBC: tables, rows, keys and comments in one transaction.

`--out postgresql://user@host:5432/database?options=-csearch_path%3Dmine`. If anything fails, the server is as it was.
"""

from __future__ import annotations

import re

from sfbench.errors import SfbenchError
from sfbench.store.formats._ddl import comments, create
from sfbench.store.formats._format import Format, Wishes, missing
from sfbench.store.formats._source import Source, quoted
from sfbench.store.formats.postgres_sql import keys


def write(source: Source, out: str, wishes: Wishes) -> None:
    """Tables of a database; with `force` tables of the same names are replaced."""
    try:
        import adbc_driver_manager
        from adbc_driver_postgresql import dbapi
    except ModuleNotFoundError as error:
        raise missing("adbc-driver-postgresql", "postgres") from error
    try:
        # Outside autocommit all is one transaction: leaving the connection without `commit` takes everything back.
        with dbapi.connect(out) as connection, connection.cursor() as cursor:
            for table in list(source.tables.values()) if wishes.force else ():
                cursor.execute(f"DROP TABLE IF EXISTS {quoted(table.name)} CASCADE")
            for table in source.tables.values():
                cursor.execute(create(table, "postgres"))
                cursor.adbc_ingest(table.name, source.reader(table.name), mode="append")
                for statement in comments(table, "postgres", source.mark):
                    cursor.execute(statement)
            for statement, sound in keys(source):
                if sound:
                    cursor.execute(statement)
            connection.commit()
    except adbc_driver_manager.Error as error:
        raise _told(out, str(error)) from error


def _told(address: str, why: str) -> SfbenchError:
    """The error without the password that an address may hold."""
    where = hidden(address)
    line = " ".join(why.replace(address, where).split())
    if "already exists" in line:
        return SfbenchError("a table is there already", where=where, why=line, fix="add --force to replace it")
    fix = "check address, rights and the server's log; the database is as it was"
    return SfbenchError("the server did not take the data", where=where, why=line, fix=fix)


def hidden(address: str) -> str:
    """An address without its password: before the `@`, as a parameter, or in libpq's `host=... password=...`."""
    address = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", address)
    return re.sub(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'|[^&\s]*)", r"\1***", address, flags=re.IGNORECASE)


FORMAT = Format(
    zh="PostgreSQL 服务器（ADBC，单一事务）",
    en="a PostgreSQL server, through ADBC, in one transaction",
    holds="server",
    write=write,
    extra="postgres",
)
