"""The manifest: what a dataset holds and how it was made. A folder without one is no dataset."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.store.arrow import SYNTHETIC_MARK
from sfbench.store.files import write_whole
from sfbench.store.logical import Chain, chained

NAME = "manifest.json"
_IMPORTED = (".csv", ".dat", ".tsv", ".txt", ".xlsx")  # what `sfbench import` makes Parquet of; a test holds it to that
FORMAT = 3  # 1 had no lineage, 2 no committed seeds


class Damaged(SfbenchError):
    """A manifest whose text cannot be read as one: nothing can be compared with it."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One Parquet file. `path` is relative to the dataset; `groups` counts its row groups, one per batch written."""

    path: str
    rows: int
    bytes: int
    groups: int
    sha256: str
    columns: Mapping[str, str]  # column name -> logical hash

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> FileEntry:
        """The entry that `to_json` gave. Raises KeyError, TypeError or ValueError for another shape."""
        numbers = {name: int(record[name]) for name in ("rows", "bytes", "groups")}
        return cls(path=str(record["path"]), sha256=str(record["sha256"]), columns=dict(record["columns"]), **numbers)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {name: getattr(self, name) for name in ("path", "rows", "bytes", "groups", "sha256")} | {
            "columns": dict(self.columns)
        }


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table: its files in row order, and logical hashes that do not depend on how rows are spread over files."""

    rows: int
    bytes: int
    columns: Mapping[str, str]
    files: tuple[FileEntry, ...]

    @classmethod
    def of(cls, files: Iterable[FileEntry]) -> TableEntry:
        """The table that consists of these files, in this order (at least one)."""
        files = tuple(files)
        names = list(files[0].columns)
        parts = ({n: Chain(int(f.columns[n], 16), f.groups) for n in names} for f in files)
        hashes = {name: chain.hex for name, chain in chained(parts, names).items()}
        return cls(sum(f.rows for f in files), sum(f.bytes for f in files), hashes, files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a dataset holds. Dates are ISO text or None; `since` and `until` stand as `from` and `to` in the file."""

    version: str  # of sfbench
    scenario: Mapping[str, Any]  # name, title_zh, title_en, chain, changed
    scale: float
    seed: int | None  # None: private, see `seed_commitment`
    tables: Mapping[str, TableEntry]
    plan: str = ""  # digest of the plan that was carried out
    as_of: str | None = None
    since: str | None = None
    until: str | None = None
    lineage: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # table -> `generator`, and tables `from`
    seed_commitment: str = ""  # of a private seed: `sfbench.world.seal.commitment`
    format: int = FORMAT
    intact: bool = field(default=True, compare=False)  # False when `read(checked=False)` met an edited file

    @property
    def shown_seed(self) -> int | str:
        """The seed, or that it is private."""
        return "private" if self.seed is None else self.seed

    @property
    def fingerprint(self) -> str:
        """SHA-256 over tables, row counts and column hashes: equal for equal data, however stored."""
        return fingerprint(self.tables)

    def write(self, folder: Path) -> None:
        """Write `folder/manifest.json`, whole or not at all. Raises OSError."""
        write_whole(folder / NAME, _text(self._record() | {"checksum": _checksum(self._record())}).encode())

    def _record(self) -> dict[str, Any]:
        tables = {
            name: {
                "rows": entry.rows,
                "bytes": entry.bytes,
                "columns": dict(entry.columns),
                "files": [file.to_json() for file in entry.files],
            }
            for name, entry in self.tables.items()
        }
        return {
            "format": self.format,
            "sfbench": self.version,
            "synthetic": {"en": "synthetic data", "zh": SYNTHETIC_MARK},
            "scenario": dict(self.scenario),
            "scale": self.scale,
            "seed": self.seed,
            "plan": self.plan,
            "as_of": self.as_of,
            "from": self.since,
            "to": self.until,
            "fingerprint": self.fingerprint,
            "tables": tables,
            **({"seed_commitment": self.seed_commitment} if self.seed_commitment else {}),
            **({"lineage": {name: dict(made) for name, made in self.lineage.items()}} if self.lineage else {}),
        }


def fingerprint(tables: Mapping[str, TableEntry]) -> str:
    """SHA-256 over tables, row counts and column hashes, order of names aside."""
    lines = [
        f"{table}\t{entry.rows}\t{column}\t{digest}\n"
        for table, entry in sorted(tables.items())
        for column, digest in sorted(entry.columns.items())
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read(folder: Path, *, checked: bool = True) -> Manifest:
    """The manifest of a dataset folder.

    Raises SfbenchError if it is missing, not a manifest, of a newer format or (unless `checked` is False) edited, and
    its kind Damaged if its text cannot be read as a manifest.
    """
    path = folder / NAME
    manifest = _understood(path, _text_of(path))
    if checked and not manifest.intact:
        raise _edited(path, "its checksum does not fit its text")
    return manifest


@lru_cache(maxsize=2)  # one verb asks for the same manifest in several places; a city's is 1.4 MB, hashed twice
def _understood(path: Path, text: str) -> Manifest:
    record = _load(path, text)
    if record["format"] > FORMAT:
        raise SfbenchError(
            f"the dataset has format {record['format']}, newer than {FORMAT}",
            where=str(path),
            why=f"sfbench {record.get('sfbench', '?')} wrote it",
            fix="upgrade sfbench",
        )
    try:
        manifest = _parse(record)
        stated = {key: value for key, value in record.items() if key != "checksum"}
        intact = record["checksum"] == _checksum(stated) == _checksum(manifest._record())
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    return manifest if intact else _parse(record, intact=False)


def is_manifest(path: Path) -> bool:
    """Whether a file claims to be a manifest of ours, intact or not."""
    try:
        _load(path, _text_of(path))
    except SfbenchError:
        return False
    return True


def _missing(folder: Path) -> SfbenchError:
    """Why there is no manifest in a folder, and what to do: a user's own files may be no Parquet yet."""
    what, where = f"no dataset here: {NAME} is missing", str(folder)
    if not folder.is_dir():
        return SfbenchError(what, where=where, why="no such folder", fix="check the path")
    if any(path.suffix.lower() in _IMPORTED for path in folder.iterdir()):
        fix = "take them in with `sfbench import FILES --out own`; write tables of another schema as Parquet yourself"
        return SfbenchError(what, where=where, why="its files are no Parquet", fix=fix)
    fix = "run the same `sfbench generate` again to finish it, or check the path"
    return SfbenchError(what, where=where, why="it is written last, so an interrupted run leaves none", fix=fix)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise _missing(path.parent) from error
    except NotADirectoryError as error:
        fix = "give a folder with Parquet files; `sfbench import` makes one of CSV, Excel and .dat files"
        raise SfbenchError("this is a file", where=str(path.parent), fix=fix) from error
    except OSError as error:
        raise SfbenchError("this file cannot be read", where=str(path), why=str(error)) from error
    except UnicodeDecodeError as error:
        raise _damaged(path, str(error)) from error


def _load(path: Path, text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except ValueError as error:
        raise _damaged(path, str(error)) from error
    if not isinstance(record, dict) or type(record.get("format")) is not int or "sfbench" not in record:
        raise SfbenchError("the file is no sfbench manifest", where=str(path), fix="check the path")
    return record


def _parse(record: Mapping[str, Any], *, intact: bool = True) -> Manifest:
    tables = {
        name: TableEntry(
            int(entry["rows"]),
            int(entry["bytes"]),
            dict(entry["columns"]),
            tuple(FileEntry.from_json(file) for file in entry["files"]),
        )
        for name, entry in record["tables"].items()
    }
    return Manifest(
        version=record["sfbench"],
        scenario=dict(record["scenario"]),
        scale=record["scale"],
        seed=record["seed"],
        tables=tables,
        plan=record["plan"],
        as_of=record["as_of"],
        since=record["from"],
        until=record["to"],
        seed_commitment=str(record.get("seed_commitment", "")),
        lineage=dict(record.get("lineage", {})),
        format=record["format"],
        intact=intact,
    )


def _edited(path: Path, why: str) -> SfbenchError:
    fix = "`sfbench verify` shows what differs; generate the dataset again"
    return SfbenchError("the manifest was edited or damaged", where=str(path), why=why, fix=fix)


def _damaged(path: Path, why: str) -> Damaged:
    """No advice to verify: without a manifest it has nothing to compare with."""
    fix = "generate the dataset again, or restore the file"
    return Damaged("the manifest was edited or damaged", where=str(path), why=why, fix=fix)


def _text(record: Mapping[str, Any]) -> str:
    """JSON with a line for each key, table and lineage. json's own indentation takes twenty times as long."""
    lines = {key: _line(value) for key, value in record.items()}
    for key in {"tables", "lineage"} & set(record):
        lines[key] = _object({name: _line(entry) for name, entry in record[key].items()}, "  ")
    return _object(lines, " ") + "\n"


def _object(lines: Mapping[str, str], indent: str) -> str:
    body = ",\n".join(f"{indent}{_line(key)}: {line}" for key, line in sorted(lines.items()))
    return f"{{\n{body}\n{indent[1:]}}}"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _checksum(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(record).encode()).hexdigest()
