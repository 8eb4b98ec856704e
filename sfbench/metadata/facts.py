"""What a description is made of: declarations, files with sizes and checksums, where the data come from."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.store import manifest
from sfbench.store.arrow import SYNTHETIC_MARK
from sfbench.store.export import NOTE
from sfbench.store.files import sha256
from sfbench.store.read import present_files, published
from sfbench.version import __version__

LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"


@dataclass(frozen=True, slots=True)
class File:
    """One file, by its path in the folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Held:
    """One table: its declaration, its rows, its files."""

    table: Table
    rows: int
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A dataset, an export as CSV, or a user's own Parquet files. `media` is `parquet` or `csv`."""

    folder: Path
    media: str
    encoding: str
    tables: tuple[Held, ...]
    source: Mapping[str, Any]  # scenario, scale, seed, fingerprint ...; empty for a user's own
    made_on: datetime.date | None = None  # day on which the manifest, or the note of an export, was written (UTC)

    @property
    def synthetic(self) -> bool:
        """Whether sfbench made the data."""
        return bool(self.source)

    @property
    def name(self) -> str:
        """A name for catalogues: small letters, digits and `-`."""
        if not self.source:
            return "".join(c if c.isascii() and c.isalnum() else "-" for c in self.folder.name.lower()) or "own"
        return f"sfbench-{self.source['scenario']}-{self.source['scale']:g}-seed-{self.source['seed']}".replace(
            "_", "-"
        )

    @property
    def description(self) -> str:
        """What it is, in both languages."""
        if not self.source:
            return "Technology-finance tables in the schema of sfbench. 科技金融数据表（sfbench 表结构）。"
        return (
            "Synthetic technology-finance data of a fictional Shenzhen, made by sfbench; every row is invented. "
            f"{SYNTHETIC_MARK}：虚构的深圳科技金融数据，由 sfbench 生成，每一行都是虚构的。"
        )


def facts(folder: Path, declared: Mapping[str, Table] | None = None) -> Facts:
    """Looks at a folder. Raises SfbenchError where there is no dataset, and for a table that nothing declares."""
    known = published() if declared is None else declared
    if (folder / NOTE).is_file():
        return _of_export(folder, known)
    if (folder / manifest.NAME).is_file():
        return _of_dataset(folder, known)
    found = present_files(folder)
    tables = []
    for name, paths in found.items():
        rows = sum(pq.read_metadata(path).num_rows for path in paths)
        files = tuple(_file(folder, path) for path in paths)
        tables.append(Held(_declared(name, known, folder), rows, files))
    return Facts(folder, "parquet", "", tuple(tables), {})


def described(column: Column) -> str:
    """A column in one line: both languages, unit, the standard's code name."""
    extra = [part for part in (column.unit, column.standard) if part]
    return f"{column.zh} {column.en}" + (f" ({', '.join(extra)})" if extra else "")


def _of_dataset(folder: Path, known: Mapping[str, Table]) -> Facts:
    made = manifest.read(folder)
    tables = []
    for name, entry in made.tables.items():
        files = tuple(File(file.path, file.bytes, file.sha256) for file in entry.files)
        tables.append(Held(_declared(name, known, folder), entry.rows, files))
    source = {
        "sfbench": made.version,
        "scenario": made.scenario.get("name", ""),
        "title_zh": made.scenario.get("title_zh", ""),
        "title_en": made.scenario.get("title_en", ""),
        "scale": made.scale,
        "seed": made.shown_seed,
        "fingerprint": made.fingerprint,
    }
    source |= {"as_of": made.as_of} if made.as_of else {}
    return Facts(folder, "parquet", "", tuple(tables), source, _day(folder / manifest.NAME))


def _of_export(folder: Path, known: Mapping[str, Table]) -> Facts:
    note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    if note.get("format") not in ("csv", "parquet"):
        fix = "describe the dataset itself, or an export as csv or parquet"
        raise SfbenchError(f"an export as {note.get('format')} is not described", where=str(folder), fix=fix)
    media, mark = note["format"], ".synthetic" if "synthetic" in note else ""
    tables = [
        Held(_declared(name, known, folder), rows, (_file(folder, folder / f"{name}{mark}.{media}"),))
        for name, rows in note["tables"].items()
    ]
    source = note.get("source", {})
    encoding, of = note.get("encoding", ""), source and {"sfbench": __version__, **source}
    return Facts(folder, media, encoding, tuple(tables), of, _day(folder / NOTE))


def _day(path: Path) -> datetime.date:
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date()


def _declared(name: str, known: Mapping[str, Table], folder: Path) -> Table:
    if name not in known:
        fix = "add its content folder with --content"
        raise SfbenchError(f"nothing declares table {name!r}", where=str(folder), fix=fix)
    return known[name]


def _file(folder: Path, path: Path) -> File:
    if not path.is_file():
        raise SfbenchError("the file is missing", where=str(path), fix="export again")
    return File(path.relative_to(folder).as_posix(), path.stat().st_size, sha256(path))
