"""A SQLite database file. Amounts have NUMERIC affinity, dates are ISO text, flags 0 and 1.

The table `_sfbench` holds the mark and what each table and column is.
SQLite has no decimals. An amount is the double next to it, which reads as the amount: a query may compare with it.
Amounts of 2^46 yuan (7e13) and more, where a cent is less than the gap between doubles, are refused.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pyarrow as pa
import pyarrow.compute as pc

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.store.formats._ddl import comment, create, remark, sound_key
from sfbench.store.formats._finite import refuse_not_finite
from sfbench.store.formats._format import Format, Wishes
from sfbench.store.formats._source import Source, quoted

DIGITS = {"money": 2, "rate": 5}
_BITS = 53  # of a double: below 2^k the gap is at most 2^(k - 53)


def write(source: Source, out: str, wishes: Wishes) -> None:
    """One file."""
    refuse_not_finite(source, "sqlite")
    for table in source.tables.values():
        refuse_inexact(source, table, "SQLite")
    with closing(sqlite3.connect(out)) as con, con:
        con.execute("PRAGMA journal_mode = OFF")  # the file is thrown away if it does not come to its end
        con.execute("PRAGMA synchronous = OFF")
        con.execute("CREATE TABLE _sfbench (table_name text, column_name text, remark text)")
        con.execute("INSERT INTO _sfbench VALUES ('', '', ?)", [source.mark])
        for table in source.tables.values():
            _write_table(source, table, con)


def refuse_inexact(source: Source, table: Table, format_name: str) -> None:
    """Raises SfbenchError if the table holds amounts that a double does not keep to the last digit."""
    for column in table.columns:
        if column.kind in DIGITS:
            limit = 2 ** (_BITS - (10 ** DIGITS[column.kind]).bit_length())  # the gap is below the last digit
            name = quoted(column.name)
            count = source.number(f"SELECT count(*) FROM {quoted(table.name)} WHERE abs({name}) >= {limit}")
            if count:
                why = f"{format_name} holds doubles, which keep the last digit below {limit:,}"
                fix = "choose another format, or leave the table out"
                where = f"{table.name}.{column.name}"
                raise SfbenchError(f"{count} amounts are too large", where=where, why=why, fix=fix)


def _write_table(source: Source, table: Table, con: sqlite3.Connection) -> None:
    con.execute(create(table, "sqlite", key=sound_key(source, table)))
    remarks = [(table.name, column.name, remark(column)) for column in table.columns]
    con.executemany("INSERT INTO _sfbench VALUES (?, ?, ?)", [(table.name, "", comment(table)), *remarks])
    names = ", ".join(map(_cell, table.columns))
    insert = f"INSERT INTO {quoted(table.name)} VALUES ({', '.join('?' * len(table.columns))})"
    for batch in source.batches(f"SELECT {names} FROM {quoted(table.name)}"):
        columns = [_plain(c, batch.column(i)).to_pylist() for i, c in enumerate(table.columns)]
        con.executemany(insert, zip(*columns, strict=True))


def _cell(column: Column) -> str:
    """A column in DuckDB's SQL: that divides, where Arrow multiplies by 0.01 and hits a neighbour of the double."""
    name = quoted(column.name)
    return f"CAST({name} AS DOUBLE)" if column.kind in DIGITS else name


def _plain(column: Column, cells: pa.Array) -> pa.Array:
    if column.kind == "date":
        return pc.cast(cells, pa.string())
    return pc.cast(cells, pa.int8()) if column.kind == "flag" else cells


FORMAT = Format(zh="SQLite 数据库", en="a SQLite database", holds="file", write=write, suffix=".sqlite")
