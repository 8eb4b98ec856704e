"""The cache folder of `evaluate --cache`: which kept figures and marts still hold, and how the rest is kept.

A metric's figures are taken over if its files are the same and nothing of what it reads was touched up to the end of
the last period that has closed: on later rows no figure depends. A metric of which this is not true says so in its
header, `open: why`, and holds only if nothing at all was touched; a user's own metric is always computed. Tests compare
with full evaluations. Of a mart whose header says `incremental: column` the rows before the first touched month are
taken over, and the query runs over the months from there on. Everything else is computed. Files are written under new
names and `cache.json` last, so that a killed run leaves the old cache; a file that does not fit its checksum is not
used.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.metrics.cache.entry import Entry, digest
from sfbench.metrics.cache.look import Look
from sfbench.metrics.cache.touched import ALWAYS, touched
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.header import Mart
from sfbench.spec import Metric, Table
from sfbench.store.files import sha256, write_whole
from sfbench.store.read import sql_text

NAME = "cache.json"
FORMAT = 1
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Kept(NamedTuple):
    """A SELECT of the rows of a mart that still hold, and the first month to compute anew (None: nothing is)."""

    rows: str
    first: datetime.date | None


class Cache:
    """One evaluation's use of a cache folder. Raises SfbenchError if the folder holds something else."""

    def __init__(self, folder: Path, look: Look, data: Path, known: Catalogue, declared: Mapping[str, Table]) -> None:
        self.folder, self.look, self.data, self.known, self.declared = folder, look, data, known, declared
        self._marts: dict[str, Entry] = {}
        self._metrics: dict[str, Entry] = {}
        self._looks: list[Look] = []
        self._first: dict[int, Mapping[tuple[str, str], datetime.date]] = {}
        self._sound: dict[str, bool] = {}
        self._digests: dict[str, str] = {}
        self._read()
        self._looks.append(look)

    def recall(self, connection: duckdb.DuckDBPyConnection, metrics: Iterable[Metric], figures: str) -> set[str]:
        """Appends to the table `figures` what still holds of these metrics; returns their ids."""
        kept = {m.id: entry for m in metrics if _built_in(m.where) and (entry := self._entry_of(m.id))}
        if not kept:
            return set()
        (file,) = {entry.file for entry in kept.values()}
        source = f"read_parquet({sql_text(str(self.folder / file))})"
        holds = {name for name, entry in kept.items() if self._holds(name, entry)}
        names = ", ".join(f"'{name}'" for name in sorted(holds)) or "NULL"
        connection.execute(f"INSERT INTO {figures} BY NAME SELECT * FROM {source} WHERE metric IN ({names})")
        return holds

    def kept_rows(self, mart: Mart) -> Kept | None:
        """What still holds of a mart; None if all of it is to be computed."""
        entry = self._entry_of(mart.id) if mart.incremental else None
        if entry is None:
            return None
        first = self._first_touched(mart.id, entry)
        if first == ALWAYS:
            return None
        rows = f"SELECT * FROM read_parquet({sql_text(str(self.folder / entry.file))})"
        return Kept(rows if first is None else f"{rows} WHERE {mart.incremental} < DATE '{first}'", first)

    def keep_mart(self, connection: duckdb.DuckDBPyConnection, mart: Mart) -> None:
        """Keeps the rows of a mart that was built on the connection, if its header says `incremental`."""
        if mart.incremental and _built_in(mart.where):
            self._marts[mart.id] = self._write(connection, f"FROM {mart.id}", mart.id, mart.id)

    def save(self, connection: duckdb.DuckDBPyConnection, metrics: Iterable[Metric], figures: str) -> None:
        """Keeps the figures of these metrics from the table `figures`, and those of others as they are."""
        now = {metric.id for metric in metrics if _built_in(metric.where)}
        names = ", ".join(f"'{name}'" for name in sorted(now)) or "NULL"
        others = {name: entry for name in sorted(self._metrics.keys() - now) if (entry := self._entry_of(name))}
        rows = f"SELECT * FROM {figures} WHERE metric IN ({names})"
        for file in sorted({entry.file for entry in others.values()}):
            source = f"read_parquet({sql_text(str(self.folder / file))})"
            rows += f" UNION ALL BY NAME SELECT * FROM {source} WHERE metric NOT IN ({names})"
        written = self._write(connection, rows, "figures", "")
        self._metrics = {
            name: dataclasses.replace(entry, file=written.file, sha256=written.sha256) for name, entry in others.items()
        } | {name: dataclasses.replace(written, digest=self._digest(name)) for name in now}
        used = sorted({entry.look for entry in (*self._marts.values(), *self._metrics.values())})
        place = {number: new for new, number in enumerate(used)}
        record = {
            "format": FORMAT,
            "looks": [self._looks[number].to_json() for number in used],
            "marts": {name: _record(entry, place) for name, entry in sorted(self._marts.items())},
            "metrics": {name: _record(entry, place) for name, entry in sorted(self._metrics.items())},
        }
        write_whole(self.folder / NAME, json.dumps(record, indent=1).encode())
        referenced = {entry.file for entry in (*self._marts.values(), *self._metrics.values())}
        for old in self.folder.glob("*.parquet"):
            if old.name not in referenced:
                old.unlink(missing_ok=True)

    def _read(self) -> None:
        path = self.folder / NAME
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not any(self.folder.iterdir()):  # claimed first, so that a run that fails or is killed leaves a cache
                empty = {"format": FORMAT, "looks": [], "marts": {}, "metrics": {}}
                write_whole(path, json.dumps(empty).encode())
        except OSError as error:
            fix = "give a folder that you may write to"
            why = error.strerror or str(error)
            raise SfbenchError("the cache cannot be used", where=str(self.folder), why=why, fix=fix) from error
        try:
            record: Any = json.loads(path.read_text(encoding="utf-8"))
            if record["format"] != FORMAT:
                return
            looks = [Look.from_json(look) for look in record["looks"]]
            marts = {name: Entry.from_json(entry) for name, entry in record["marts"].items()}
            metrics = {name: Entry.from_json(entry) for name, entry in record["metrics"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            why = "sfbench writes only into a folder that is empty or holds its cache.json"
            fix = "choose another --cache, or empty the folder"
            raise SfbenchError("the folder holds no cache", where=str(self.folder), why=why, fix=fix) from error
        self._looks, self._marts, self._metrics = looks, marts, metrics

    def _entry_of(self, name: str) -> Entry | None:
        """The entry of a metric or mart if what made it is unchanged and its file is whole."""
        entry = self._metrics.get(name) or self._marts.get(name)
        if entry is None or name not in self.known.needs or entry.digest != self._digest(name):
            return None
        if entry.file not in self._sound:
            path = self.folder / entry.file
            self._sound[entry.file] = path.is_file() and sha256(path) == entry.sha256
        return entry if self._sound[entry.file] else None

    def _digest(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = digest(name, self.known, self.declared)
        return self._digests[name]

    def _first_touched(self, name: str, entry: Entry) -> datetime.date | None:
        """The earliest month in which anything that a metric or mart reads was touched since the entry's look."""
        if entry.look not in self._first:
            needs: dict[str, set[str]] = {}
            for need in (need for metric in self.known.metrics for need in self.known.tables_of(metric)):
                needs.setdefault(need.name, set()).update(need.columns)
            self._first[entry.look] = touched(self._looks[entry.look], self.look, self.data, self.declared, needs)
        first = self._first[entry.look]
        months = [
            first[need.name, column]
            for need in self.known.tables_of(name)
            for column in need.columns
            if (need.name, column) in first
        ]
        return min(months, default=None)

    def _holds(self, name: str, entry: Entry) -> bool:
        """Whether nothing was touched in the periods that have closed, then or now (of an open metric: at all)."""
        metric, first = self.known.metrics[name], self._first_touched(name, entry)
        if first is None or metric.open:
            return first is None
        months = (self._looks[entry.look].last_month, self.look.last_month)
        closed = [_closed(metric.period, month) for month in months if month]
        return len(closed) == len(months) and first > max(closed)

    def _write(self, connection: duckdb.DuckDBPyConnection, rows: str, stem: str, name: str) -> Entry:
        partial = self.folder / f".{stem}.in-progress"
        connection.execute(f"COPY ({rows}) TO {sql_text(str(partial))} (FORMAT parquet, COMPRESSION zstd)")
        checksum = sha256(partial)
        file = f"{stem}-{checksum[:16]}.parquet"
        partial.replace(self.folder / file)
        return Entry(self._digest(name) if name else "", len(self._looks) - 1, file, checksum)


def _closed(period: str, last_month: datetime.date) -> datetime.date:
    """End of the last period that has closed by a month end: by 2025-11-30, of quarters, 2025-09-30."""
    after = (last_month.year * 12 + last_month.month) // _MONTHS[period] * _MONTHS[period]
    return datetime.date(after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)


def _built_in(where: str) -> bool:
    return Path(where).is_relative_to(PACKAGE)


def _record(entry: Entry, place: Mapping[int, int]) -> dict[str, Any]:
    return dataclasses.asdict(entry) | {"look": place[entry.look]}
