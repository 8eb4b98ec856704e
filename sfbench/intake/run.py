"""Files in, Parquet out: all of it, or (if problems are found) nothing but the list of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.intake.convert import problem, value
from sfbench.intake.headings import is_marked, required
from sfbench.intake.problems import Problem
from sfbench.intake.rows import ROW, Sheet, sheets
from sfbench.spec import Table
from sfbench.store.formats._source import arrow_schema, quoted
from sfbench.store.placed import refuse_taken, whole_folder
from sfbench.store.read import published
from sfbench.store.shape import DUCKDB_TYPES
from sfbench.version import __version__

NOTE = "import.json"


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
    force: bool = False,
    declared: Mapping[str, Table] | None = None,
) -> Imported:
    """Write `OUT/<table>.parquet` for each table of the files, which a file's or sheet's name says (or `table`).

    If a cell does not fit, nothing is written, or with `keep_sound` the rows without a problem. `force` replaces an
    earlier import. Raises SfbenchError for files that cannot be read, a wrong encoding, an unknown table or heading.
    """
    known = published() if declared is None else declared
    if table and table not in known:
        raise SfbenchError(f"no table {table!r}", where="--table", fix=did_you_mean(table, known))
    refuse_taken(out, NOTE, "an import", force=force)
    found = [(sheet, is_marked(file)) for file in files for sheet in sheets(file, table, encoding, known)]
    by_table: dict[str, list[Sheet]] = {}
    for sheet, _ in found:
        by_table.setdefault(sheet.table.name, []).append(sheet)
    made: dict[str, pa.Table] = {}
    problems: list[Problem] = []
    for name, parts in by_table.items():
        made[name], told = _table(known[name], parts, keep_sound=keep_sound)
        problems += told
    read = {name: sum(p.cells.num_rows + len(p.broken) for p in parts) for name, parts in by_table.items()}
    if problems and not keep_sound:
        return Imported({}, read, tuple(problems))
    marked = {sheet.table.name for sheet, mark in found if mark}
    _write(out, made, {name: known[name] for name in made}, marked)
    return Imported({name: rows.num_rows for name, rows in made.items()}, read, tuple(problems))


def _table(table: Table, parts: Sequence[Sheet], *, keep_sound: bool) -> tuple[pa.Table, list[Problem]]:
    """The converted rows of a table, without those that have a problem, and the problems."""
    problems: list[Problem] = []
    schema = arrow_schema(table, synthetic=False)
    with closing(duckdb.connect()) as con:
        for number, sheet in enumerate(parts):
            problems += [Problem(sheet.file, table.name, row, "", "cells") for row in sheet.broken]
            lacking = required(table, dict.fromkeys(sheet.cells.column_names, 0))
            problems += [Problem(sheet.file, table.name, 1, column.name, "missing_column") for column in lacking]
            con.register(f"raw{number}", sheet.cells.rename_columns([_text(name) for name in sheet.cells.column_names]))
            con.execute(f"CREATE TABLE part{number} AS {_judged(table, sheet, number)}")
            problems += _problems(con, table, sheet, number)
        con.execute(f"CREATE VIEW whole AS {_whole(table, len(parts))}")
        problems += _copies(con, table, [sheet.file for sheet in parts])
        order = {sheet.file: place for place, sheet in enumerate(parts)}
        problems.sort(key=lambda one: (order[one.file], one.row))
        if problems and (not keep_sound or any(one.kind == "missing_column" for one in problems)):
            return schema.empty_table(), problems
        names = ", ".join(quoted(name) for name in schema.names)
        sound = f"SELECT {names} FROM whole WHERE _sound AND _copy = 1 ORDER BY _file, {ROW}"
        return con.sql(sound).to_arrow_table().cast(schema), problems


def _judged(table: Table, sheet: Sheet, number: int) -> str:
    """Each row with its values, the cells that they come from, and the problem of each, null where it is sound."""
    values, cells, kinds = [], [], []
    for column in table.columns:
        name, cell = quoted(column.name), quoted(_text(column.name))
        if column.name in sheet.cells.column_names:
            values.append(f"{value(column, cell, guarded=sheet.guarded)} AS {name}")
            cells.append(cell)
            kinds.append(f"{problem(column, cell, name)} AS {quoted('_kind_' + column.name)}")
        else:
            values.append(f"CAST(NULL AS {DUCKDB_TYPES[column.kind]}) AS {name}")
    converted = f"SELECT {ROW}, {number} AS _file, {', '.join([*values, *cells])} FROM raw{number}"
    judged = f"SELECT *, {', '.join(kinds)} FROM ({converted})"
    bad = " + ".join(f"CAST({kind.rpartition(' AS ')[2]} IS NOT NULL AS INTEGER)" for kind in kinds)
    return f"SELECT *, {bad} AS _bad FROM ({judged})"


def _problems(con: duckdb.DuckDBPyConnection, table: Table, sheet: Sheet, number: int) -> Iterator[Problem]:
    for column in table.columns:
        if column.name in sheet.cells.column_names:
            kind, cell = quoted("_kind_" + column.name), quoted(_text(column.name))
            bad = f"SELECT {ROW}, {kind}, coalesce({cell}, '') FROM part{number} WHERE {kind} IS NOT NULL"
            for row, what, text in con.execute(bad).fetchall():
                yield Problem(sheet.file, table.name, row, column.name, what, text)


def _whole(table: Table, parts: int) -> str:
    """The rows of all files: `_sound` without a problem, `_copy` 1 for the first row of a key among the sound ones."""
    names = ", ".join(quoted(column.name) for column in table.columns)
    union = " UNION ALL ".join(
        f"SELECT {ROW}, _file, {names}, _bad = 0 AS _sound FROM part{number}" for number in range(parts)
    )
    key = ", ".join(quoted(name) for name in table.key)
    return f"SELECT *, row_number() OVER (PARTITION BY _sound, {key} ORDER BY _file, {ROW}) AS _copy FROM ({union})"


def _copies(con: duckdb.DuckDBPyConnection, table: Table, files: Sequence[str]) -> Iterator[Problem]:
    key = " || ', ' || ".join(f"CAST({quoted(name)} AS VARCHAR)" for name in table.key)
    for file, row, text in con.execute(f"SELECT _file, {ROW}, {key} FROM whole WHERE _sound AND _copy > 1").fetchall():
        yield Problem(files[file], table.name, row, ", ".join(table.key), "duplicate", text)


def _text(name: str) -> str:
    return name if name == ROW else f"_text_{name}"


def _write(out: Path, made: Mapping[str, pa.Table], specs: Mapping[str, Table], marked: Iterable[str]) -> None:
    with whole_folder(out) as new:
        for name, rows in made.items():
            schema = arrow_schema(specs[name], synthetic=name in set(marked))
            pq.write_table(rows.cast(schema), new / f"{name}.parquet", compression="zstd")
        note = {"sfbench": __version__, "tables": {name: rows.num_rows for name, rows in made.items()}}
        (new / NOTE).write_text(json.dumps(note, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
