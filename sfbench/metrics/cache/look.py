"""What an evaluation looked at: which files, as known on which day."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from sfbench.store import manifest

FileId = tuple[str, int, str]  # path in the folder, bytes, and what tells it from another file of that size


@dataclass(frozen=True)
class Look:
    """The files of each table, by what identifies them, the day (None: as stored), and the last month of the data.

    `lost` names what of a user's own tables could not be read, as `table.column` (or `table`).
    """

    files: Mapping[str, tuple[FileId, ...]]
    as_of: datetime.date | None
    last_month: datetime.date | None
    lost: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        dates = {"as_of": self.as_of, "last_month": self.last_month}
        texts = {name: date and date.isoformat() for name, date in dates.items()}
        return {"files": self.files, **texts, "lost": self.lost}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Look:
        """The look that `to_json` gave. Raises KeyError, TypeError or ValueError for another shape."""
        files = {name: tuple((str(p), int(s), str(t)) for p, s, t in ids) for name, ids in record["files"].items()}
        as_of, last = (record[name] and datetime.date.fromisoformat(record[name]) for name in ("as_of", "last_month"))
        return cls(files, as_of, last, tuple(map(str, record["lost"])))


def look_at(
    folder: Path,
    files: Mapping[str, list[Path]],
    as_of: datetime.date | None,
    last_month: datetime.date | None = None,
    lost: Iterable[str] = (),
) -> Look:
    """The look at these files of a folder: SHA-256 where a manifest gives it, else the time of the last change."""
    stamps: dict[str, str] = {}
    if (folder / manifest.NAME).exists():
        tables = manifest.read(folder).tables.values()
        stamps = {entry.path: entry.sha256 for table in tables for entry in table.files}

    def identify(path: Path) -> FileId:
        name, facts = path.relative_to(folder).as_posix(), path.stat()
        return name, facts.st_size, stamps.get(name, str(facts.st_mtime_ns))

    ids = {name: tuple(identify(path) for path in paths) for name, paths in files.items()}
    return Look(ids, as_of, last_month, tuple(sorted(lost)))


def last_month(connection: duckdb.DuckDBPyConnection) -> datetime.date | None:
    """The last month that the tables of a connection reach; None for tables without months."""
    asked = "SELECT COUNT(*) FROM information_schema.columns WHERE (table_name, column_name) = ('month', 'month')"
    if connection.execute(asked).fetchall() == [(0,)]:
        return None
    last: datetime.date | None = connection.execute("SELECT MAX(month) FROM month").fetchall()[0][0]
    return last
