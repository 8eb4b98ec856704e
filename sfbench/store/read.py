"""Opens a dataset, or a folder of a user's own Parquet files, as DuckDB views or Arrow tables. Writes nothing."""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from sfbench import content
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Column, Table
from sfbench.store import manifest
from sfbench.store.arrow import schema
from sfbench.store.own import Defect, survey, usable
from sfbench.store.shape import DUCKDB_TYPES, check_listed, check_user_file, footer
from sfbench.store.swap import building


def open_dataset(
    path: Path | str,
    as_of: datetime.date | None = None,
    tables: Iterable[str] | None = None,
    *,
    declared: Mapping[str, Table] | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection with one view per table.

    `path` is a dataset, or a folder without manifest that holds `data/<table>/*.parquet`, `<table>/*.parquet` or
    `<table>.parquet`. `as_of` shows what was known at the end of that day: rows with `known_on` <= as_of whose
    `gone_on` has not come; cells whose own date is later are null. `tables` limits the views. `declared` are the
    declarations (those of the built-in content by default); a table that they do not name gets a plain view, but none
    with `as_of`. Presence, size, footer and schema of every file are checked. Raises SfbenchError that names the file.
    """
    views = dataset_views(path, as_of, tables, declared=declared)
    return _connected(views, memory_limit, threads)


def dataset_views(
    path: Path | str,
    as_of: datetime.date | None = None,
    tables: Iterable[str] | None = None,
    *,
    declared: Mapping[str, Table] | None = None,
) -> dict[str, str]:
    """Table -> the `CREATE VIEW` of it that `open_dataset` runs; its files are named as `path` is."""
    folder = Path(path)
    known = published() if declared is None else declared
    return {
        name: _view(name, files, known.get(name), as_of, cast=not _has_manifest(folder))
        for name, files in table_files(folder, known, tables).items()
    }


class Usable(NamedTuple):
    """A connection with views of what can be read, what cannot be, and the `CREATE VIEW`s by table."""

    connection: duckdb.DuckDBPyConnection
    defects: tuple[Defect, ...]
    views: Mapping[str, str]


def open_usable(
    path: Path | str,
    as_of: datetime.date | None = None,
    *,
    declared: Mapping[str, Table] | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> Usable:
    """`open_dataset` that, in a folder without manifest, leaves out what it cannot read and says why.

    A view then lacks the columns that are missing or of another type; a table that cannot be read, or not be cut by
    `as_of`, has no view. Raises SfbenchError for a folder without any table, and as `open_dataset` does for a dataset.
    """
    folder = Path(path)
    known = published() if declared is None else declared
    if _has_manifest(folder):
        views = dataset_views(folder, as_of, declared=known)
        return Usable(_connected(views, memory_limit, threads), (), views)
    files = _own_files(folder)
    defects, views = survey(files, known), {}
    for name, paths in files.items():
        table, more = usable(name, known.get(name), defects, as_of)
        defects += more
        if name not in {defect.name for defect in defects}:
            views[name] = _view(name, paths, table, as_of, cast=True)
    return Usable(_connected(views, memory_limit, threads), tuple(defects), views)


def _connected(views: Mapping[str, str], memory_limit: str | None, threads: int | None) -> duckdb.DuckDBPyConnection:
    # DuckDB spills to `.tmp` in the working folder unless told otherwise, for all to read. This folder is its
    # user's alone (what spills may be confidential), and goes with the connection.
    spill = tempfile.mkdtemp(prefix=f"sfbench-duckdb-{os.getpid()}-")
    try:
        connection = duckdb.connect(":memory:", config={"temp_directory": spill})
        weakref.finalize(connection, shutil.rmtree, spill, ignore_errors=True)
    except BaseException:  # told to end before the folder has the connection to go with
        shutil.rmtree(spill, ignore_errors=True)
        raise
    if memory_limit is not None:
        _set(connection, "memory_limit", memory_limit)
    if threads is not None:
        _set(connection, "threads", str(threads))
    for sql in views.values():
        connection.execute(sql)
    return connection


def read_table(path: Path | str, name: str, *, declared: Mapping[str, Table] | None = None) -> pa.Table:
    """One table as Arrow, with the metadata of its declaration. Raises SfbenchError as `open_dataset` does."""
    known = published() if declared is None else declared
    files = table_files(Path(path), known, [name])[name]
    table = pa.concat_tables([pq.ParquetFile(file).read() for file in files], promote_options="permissive")
    if name not in known:
        return table
    public = schema(known[name])
    try:
        return table.select(public.names).cast(public)
    except (pa.ArrowException, ValueError) as error:
        raise SfbenchError("the values do not fit the declaration", where=f"{path}: {name}", why=str(error)) from error


def table_files(
    folder: Path, declared: Mapping[str, Table], tables: Iterable[str] | None = None
) -> dict[str, list[Path]]:
    """Checked Parquet files per table, in row order. Raises SfbenchError."""
    if _has_manifest(folder):
        entries = manifest.read(folder).tables
        chosen = _chosen(folder, entries, tables)
        for name in chosen:
            for entry in entries[name].files:
                check_listed(folder, entry, declared.get(name))
        return {name: [folder / entry.path for entry in entries[name].files] for name in chosen}
    found = _own_files(folder)
    chosen = _chosen(folder, found, tables)
    for name in chosen:
        for path in found[name]:
            if name in declared:
                check_user_file(path, declared[name])
            else:
                footer(path)
    return {name: found[name] for name in chosen}


def present_files(folder: Path) -> dict[str, list[Path]]:
    """Parquet files per table, unchecked, in row order. Raises SfbenchError if there are none."""
    if not _has_manifest(folder):
        return _own_files(folder)
    return {name: [folder / f.path for f in entry.files] for name, entry in manifest.read(folder).tables.items()}


def file_pattern(path: Path) -> str:
    """The path as a pattern that matches only itself: DuckDB takes every path as a pattern."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))


def published() -> dict[str, Table]:
    """Declarations of the built-in tables that a dataset holds."""
    return {name: table.spec for name, table in content.tables().items() if table.spec.published}


def _has_manifest(folder: Path) -> bool:
    return (folder / manifest.NAME).exists()


def _own_files(folder: Path) -> dict[str, list[Path]]:
    """The Parquet files of a folder without manifest, by table. Raises SfbenchError if there are none.

    Tables may stand in its `data` and beside it, where only declared ones count, but none in both.
    """
    # An interrupted run keeps its files in .building, which no pattern here reaches.
    inner = folder / "data"
    found, beside = _by_table(inner), _by_table(folder)
    if inner.is_dir():
        declared = published()
        beside = {name: files for name, files in beside.items() if name in declared}
    if twice := sorted(found.keys() & beside.keys()):
        where, fix = f"{folder}: {', '.join(twice)}", "keep those in data/, or those beside it"
        raise SfbenchError("tables stand in data/ and beside it", where=where, fix=fix)
    found |= beside
    if not found or building(folder).exists():
        manifest.read(folder)  # says why there is no dataset here
    return found


def _by_table(root: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted([*root.glob("*.parquet"), *root.glob("[!.]*/*.parquet")]):
        name = path.stem if path.parent == root else path.parent.name
        found.setdefault(name, []).append(path)
    return found


def _chosen(folder: Path, found: Iterable[str], tables: Iterable[str] | None) -> list[str]:
    names = list(found)
    wanted = names if tables is None else list(tables)
    if not wanted:
        raise SfbenchError("no tables are named", where="--tables", fix="name one, or leave the option out")
    for name in wanted:
        if name not in names:
            raise SfbenchError(f"no table {name!r} in the dataset", where=str(folder), fix=did_you_mean(name, names))
    return wanted


def _view(name: str, files: list[Path], table: Table | None, as_of: datetime.date | None, *, cast: bool) -> str:
    # A user's files may order their columns differently; a folder called `a=b` adds no column.
    options = f"hive_partitioning = false, union_by_name = {str(cast).lower()}"
    source = f"read_parquet([{', '.join(sql_text(file_pattern(path)) for path in files)}], {options})"
    if table is None:
        if as_of is not None:
            why = "nothing declares when its rows were known"
            raise SfbenchError(f"table {name!r} cannot be cut by a date", why=why, fix="add its content folder")
        return f"CREATE VIEW {_name(name)} AS SELECT * FROM {source}"
    day = None if as_of is None else f"DATE '{as_of:%Y-%m-%d}'"
    cells = ", ".join(f"{_cell(column, day, cast)} AS {_name(column.name)}" for column in table.columns)
    # The condition reads the file's columns, not the select's of the same name.
    parts = [f"{_date(table.known_on, cast)} <= {day}"] if day and table.known_on else []
    parts += [f"coalesce({_date(table.gone_on, cast)} > {day}, true)"] if day and table.gone_on else []
    where = f" WHERE {' AND '.join(parts)}" if parts else ""
    return f"CREATE VIEW {_name(name)} AS SELECT {cells} FROM {source} AS stored{where}"


def _cell(column: Column, day: str | None, cast: bool) -> str:
    cell = f"stored.{_name(column.name)}"
    if cast:
        cell = f"CAST({cell} AS {DUCKDB_TYPES[column.kind]})"
    return f"CASE WHEN {_date(column.known_on, cast)} <= {day} THEN {cell} END" if day and column.known_on else cell


def _date(name: str, cast: bool) -> str:
    """A user's own date may have an hour: what came to be known at noon is known at the end of that day."""
    return f"CAST(stored.{_name(name)} AS DATE)" if cast else f"stored.{_name(name)}"


def _set(connection: duckdb.DuckDBPyConnection, option: str, value: str) -> None:
    try:
        connection.execute(f"SET {option} = {sql_text(value)}")
    except duckdb.Error as error:
        connection.close()
        raise SfbenchError(f"{value!r} is no {option.replace('_', ' ')}", why=str(error), fix="e.g. 2GB") from error


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def without_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """No progress bar from here on. In Jupyter DuckDB refuses the setting without ipywidgets, and then shows none."""
    if connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()[0][0]:
        connection.execute("SET enable_progress_bar = false")


def sql_text(text: str) -> str:
    """A text as DuckDB's SQL writes it, in quotes."""
    return "'" + text.replace("'", "''") + "'"
