"""Compares a dataset with its manifest, byte by byte and value by value; memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.store import manifest, truth
from sfbench.store.files import sha256
from sfbench.store.logical import Chains, chained, column_hashes, hashable
from sfbench.store.manifest import FileEntry, Manifest, TableEntry
from sfbench.store.opening import mismatches

Severity = Literal["critical", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference between a dataset and its manifest; table, file and column are empty where none is meant."""

    severity: Severity
    table: str
    file: str
    column: str
    message: str


def verify(path: Path | str, opening: Path | str | None = None) -> list[Finding]:
    """Every difference between the files of a dataset and its manifest; an empty list means that all agree.

    `opening` is its private manifest (default: `truth/manifest.json`, if it is there): it has to open the commitment
    to a private seed, and to be of these tables. A manifest whose text is damaged is the one finding:
    there is nothing to compare with. Raises SfbenchError if there is no manifest of ours, or it is of a newer format.
    """
    folder = Path(path)
    try:
        found = manifest.read(folder, checked=False)
    except manifest.Damaged as error:
        return [_differs(f"{error.what}: {error.why}", manifest.NAME)]
    return [*_manifest(found), *_files(folder, found), *_extra(folder, found), *_opened(folder, found, opening)]


def _manifest(found: Manifest) -> Iterator[Finding]:
    if not found.intact:
        yield _differs("the manifest was edited: its checksum does not fit its text", manifest.NAME)
    for name, entry in found.tables.items():
        stated = TableEntry.of(entry.files) if entry.files else TableEntry(0, 0, entry.columns, ())
        if (stated.rows, stated.bytes) != (entry.rows, entry.bytes):
            yield _differs("rows or bytes of the files do not add up to the table's", manifest.NAME, name)
        for column, digest in entry.columns.items():
            if stated.columns.get(column) != digest:
                yield _differs("the hashes of the files do not give the table's", manifest.NAME, name, column)


def _opened(folder: Path, found: Manifest, opening: Path | str | None) -> Iterator[Finding]:
    path = Path(opening) if opening is not None else folder / truth.NAME
    if opening is not None or path.is_file():
        for error in mismatches(found, truth.read_record(path)):
            yield _differs(error.what, str(opening or truth.NAME))


def _files(folder: Path, found: Manifest) -> Iterator[Finding]:
    for name, entry in found.tables.items():
        for file in entry.files:
            yield from _file(folder, name, file)


def _file(folder: Path, table: str, entry: FileEntry) -> Iterator[Finding]:
    path, at = folder / entry.path, (entry.path, table)
    if not path.is_file():
        yield _differs("the file is missing", *at)
        return
    size = path.stat().st_size
    if size != entry.bytes:
        yield _differs(f"the file has {size} bytes, not {entry.bytes}", *at)
    same_bytes = sha256(path) == entry.sha256
    try:
        rows, names, hashes = _hashes(path)
    except (OSError, pa.ArrowException) as error:
        yield _differs(f"the file cannot be read as Parquet: {error}", *at)
        return
    if rows != entry.rows:
        yield _differs(f"the file has {rows} rows, not {entry.rows}", *at)
    differ = False
    for column in [*entry.columns, *(name for name in names if name not in entry.columns)]:
        if column not in names:
            yield _differs("the column is missing", *at, column)
        elif column not in entry.columns:
            yield _differs("the manifest does not list the column", *at, column)
        elif column not in hashes:
            yield _differs("the column has a type that no declared kind has", *at, column)
        elif hashes[column] != entry.columns[column]:
            yield _differs("the values differ", *at, column)
        else:
            continue
        differ = True
    if not same_bytes and not differ:
        yield _differs("the bytes differ (SHA-256), though every value is the same", *at, severity="warning")


def _hashes(path: Path) -> tuple[int, list[str], dict[str, str]]:
    """Rows, column names, and the logical hash of each column that has one."""
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        usable = [field.name for field in file.schema_arrow if hashable(field.type)]
        total: Chains = chained((), usable)
        for group in range(file.num_row_groups):
            found: Chains = {}
            for name in usable:  # one column at a time: a third of the memory of a whole row group
                column = file.read_row_group(group, columns=[name], use_threads=False).combine_chunks()
                for batch in column.to_batches():
                    found |= column_hashes(batch)
            if found:
                total = chained((total, found), usable)
        return file.metadata.num_rows, names, {name: chain.hex for name, chain in total.items()}


def _extra(folder: Path, found: Manifest) -> Iterator[Finding]:
    listed = {file.path for entry in found.tables.values() for file in entry.files}
    for path in sorted((folder / "data").rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_file() and relative not in listed:
            yield _differs("the manifest does not list the file", relative, path.parent.name)


def _differs(message: str, file: str, table: str = "", column: str = "", severity: Severity = "critical") -> Finding:
    return Finding(severity, table, file, column, message)
