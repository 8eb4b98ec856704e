"""Files in, Parquet out: all of it, or (if problems are found) nothing but the list of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.intake import text_keys as keys
from sfbench.intake.convert import problem, value
from sfbench.intake.headings import is_marked, required
from sfbench.intake.problems import Problem
from sfbench.intake.rows import sheets
from sfbench.intake.sheet import ROW, Sheet
from sfbench.spec import Table
from sfbench.store.formats._source import arrow_schema, quoted
from sfbench.store.placed import refuse_taken, whole_folder
from sfbench.store.read import published
from sfbench.store.shape import DUCKDB_TYPES
from sfbench.version import __version__

NOTE = "import.json"
_MEMORY = "512MB"  # of the scratch database; what is more goes to disk
_BATCH = 100_000  # rows that are written at once


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows written by table, rows that were read, and every problem in the order of files and rows."""

    rows: Mapping[str, int]
    read: Mapping[str, int]
    problems: tuple[Problem, ...]


def import_files(
    files: Sequence[Path],
    out: Path,
    *,
    table: str = "",
    encoding: str = "",
    keep_sound: bool = False,
    text_keys: bool = False,
    force: bool = False,
    declared: Mapping[str, Table] | None = None,
) -> Imported:
    """Write `OUT/<table>.parquet` for each table of the files, which a file's or sheet's name says (or `table`).

    If a cell does not fit, nothing is written, or with `keep_sound` the rows without a problem. With `text_keys` a key
    may be any text, and `OUT/text_keys.csv` says which number stands for it. `force` replaces an earlier import. Raises
    SfbenchError for files that cannot be read, a wrong encoding, an unknown table or heading.
    """
    known = published() if declared is None else declared
    if table and table not in known:
        raise SfbenchError(f"no table {table!r}", where="--table", fix=did_you_mean(table, known))
    refuse_taken(out, NOTE, force=force)
    found = [(sheet, is_marked(file)) for file in files for sheet in sheets(file, table, encoding, known)]
    by_table: dict[str, list[Sheet]] = {}
    for sheet, _ in found:
        by_table.setdefault(sheet.table.name, []).append(sheet)
    marked = {sheet.table.name for sheet, mark in found if mark}
    taken: dict[str, _Taken] = {}
    problems: list[Problem] = []
    with _scratch(out) as con:
        if text_keys:
            keys.begin(con)
        for name, parts in by_table.items():
            taken[name], told = _take(con, known[name], parts, text_keys)
            problems += told
        read = {name: one.read for name, one in taken.items()}
        if problems and not keep_sound:
            return Imported({}, read, tuple(problems))
        return Imported(_write(con, out, taken, marked, text_keys), read, tuple(problems))


@dataclass(frozen=True, slots=True)
class _Taken:
    """A table whose converted rows stand in the scratch database. `complete`: none of its columns is missing."""

    table: Table
    read: int
    complete: bool


@contextmanager
def _scratch(out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database on disk beside `out`, gone at the end: rows are judged batch by batch, and no table is in memory."""
    place = out.absolute()
    with TemporaryDirectory(prefix=f".{place.name}.", dir=place.parent) as site:
        rows = str(Path(site) / "rows.duckdb")
        with closing(duckdb.connect(rows, config={"temp_directory": site, "memory_limit": _MEMORY})) as con:
            yield con


def _take(
    con: duckdb.DuckDBPyConnection, table: Table, parts: Sequence[Sheet], text_keys: bool
) -> tuple[_Taken, list[Problem]]:
    """Converts the rows of a table's sheets into the table of that name; a row is `_sound` that has no problem."""
    names = ", ".join(f"{quoted(column.name)} {DUCKDB_TYPES[column.kind]}" for column in table.columns)
    con.execute(f"CREATE TABLE {quoted(table.name)} ({ROW} BIGINT, _file INTEGER, {names}, _sound BOOLEAN)")
    named = {column.name for column in table.columns if text_keys and keys.may_be_text(table, column)}
    problems: list[Problem] = []
    read, complete = 0, True
    for number, sheet in enumerate(parts):
        lacking = required(table, dict.fromkeys(sheet.names, 0))
        problems += [Problem(sheet.file, table.name, 1, column.name, "missing_column") for column in lacking]
        complete = complete and not lacking
        for cells in sheet.batches():
            con.register("raw", cells.rename_columns([_text(name) for name in cells.column_names]))
            con.execute(f"CREATE OR REPLACE TEMP TABLE judged AS {_judged(table, sheet, number, named)}")
            keys.gather(con, "judged", [(quoted(_text(name)), quoted(name)) for name in sheet.names if name in named])
            problems += _problems(con, table, sheet)
            values = ", ".join(quoted(column.name) for column in table.columns)
            con.execute(f"INSERT INTO {quoted(table.name)} SELECT {ROW}, _file, {values}, _bad = 0 FROM judged")
            read += cells.num_rows
        problems += [Problem(sheet.file, table.name, row, "", "cells") for row in sheet.broken]
        read += len(sheet.broken)
    con.execute("DROP TABLE IF EXISTS judged")
    problems += _copies(con, table, [sheet.file for sheet in parts])
    order = {sheet.file: place for place, sheet in enumerate(parts)}
    problems.sort(key=lambda one: (order[one.file], one.row))
    return _Taken(table, read, complete), problems


def _judged(table: Table, sheet: Sheet, number: int, named: Collection[str]) -> str:
    """Each row with its values, the cells that they come from, and the problem of each, null where it is sound.

    Of `named` columns any text is a key.
    """
    values, cells, kinds = [], [], []
    for column in table.columns:
        name, cell = quoted(column.name), quoted(_text(column.name))
        if column.name in sheet.names:
            found = value(column, cell, guarded=sheet.guarded, text_key=column.name in named)
            values.append(f"{found} AS {name}")
            cells.append(cell)
            kinds.append(f"{problem(column, cell, name)} AS {quoted('_kind_' + column.name)}")
        else:
            values.append(f"CAST(NULL AS {DUCKDB_TYPES[column.kind]}) AS {name}")
    converted = f"SELECT {ROW}, {number} AS _file, {', '.join([*values, *cells])} FROM raw"
    judged = f"SELECT *, {', '.join(kinds)} FROM ({converted})"
    bad = " + ".join(f"CAST({kind.rpartition(' AS ')[2]} IS NOT NULL AS INTEGER)" for kind in kinds)
    return f"SELECT *, {bad} AS _bad FROM ({judged})"


def _problems(con: duckdb.DuckDBPyConnection, table: Table, sheet: Sheet) -> Iterator[Problem]:
    for column in table.columns:
        if column.name in sheet.names:
            kind, cell = quoted("_kind_" + column.name), quoted(_text(column.name))
            bad = f"SELECT {ROW}, {kind}, coalesce({cell}, '') FROM judged WHERE {kind} IS NOT NULL"
            for row, what, text in con.execute(bad).fetchall():
                yield Problem(sheet.file, table.name, row, column.name, what, text)


def _copies(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[str]) -> Iterator[Problem]:
    """Rows whose key a sound row before them has. They lose `_sound`."""
    own, key = quoted(table.name), ", ".join(quoted(name) for name in table.key)
    twice = f"SELECT {key} FROM {own} WHERE _sound GROUP BY ALL HAVING count(*) > 1"
    number = f"row_number() OVER (PARTITION BY {key} ORDER BY _file, {ROW})"
    among = f"SELECT *, {number} AS _copy FROM {own} SEMI JOIN ({twice}) USING ({key}) WHERE _sound"
    text = " || ', ' || ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in table.key)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE copies AS SELECT _file, {ROW}, {text} AS text FROM ({among}) WHERE _copy > 1"
    )
    con.execute(
        f"UPDATE {own} SET _sound = false FROM copies WHERE {own}._file = copies._file AND {own}.{ROW} = copies.{ROW}"
    )
    for file, row, words in con.execute("FROM copies").fetchall():
        yield Problem(files[file], table.name, row, ", ".join(table.key), "duplicate", words)


def _text(name: str) -> str:
    return name if name == ROW else f"_text_{name}"


def _write(
    con: duckdb.DuckDBPyConnection, out: Path, taken: Mapping[str, _Taken], marked: Collection[str], text_keys: bool
) -> dict[str, int]:
    """The sound rows of each table as Parquet, in the order in which they were read; says how many."""
    rows: dict[str, int] = {}
    with whole_folder(out, NOTE) as new:
        for name, one in taken.items():
            schema = arrow_schema(one.table, synthetic=name in marked)
            rows[name] = 0
            with pq.ParquetWriter(new / f"{name}.parquet", schema, compression="zstd") as writer:
                for batch in _sound(con, one) if one.complete else ():
                    writer.write_table(batch.cast(schema))
                    rows[name] += batch.num_rows
        if text_keys:
            keys.write(con, new)
        note = {"sfbench": __version__, "tables": rows}
        (new / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return rows


def _sound(con: duckdb.DuckDBPyConnection, taken: _Taken) -> Iterator[pa.Table]:
    own, names = quoted(taken.table.name), ", ".join(quoted(column.name) for column in taken.table.columns)
    count = con.execute(f"SELECT count(*) FROM {own}").fetchall()[0][0]
    for start in range(0, count, _BATCH):
        place = f"rowid >= {start} AND rowid < {start + _BATCH}"
        yield con.sql(f"SELECT {names} FROM {own} WHERE _sound AND {place} ORDER BY _file, {ROW}").to_arrow_table()
