"""The cache folder of `evaluate --cache`: which kept figures and marts still hold, and how the rest is kept.

A metric's figures are taken over if its files are the same and nothing of what it reads was touched up to the end of
the last period that has closed: on later rows no figure depends. A metric of which this is not true says so in its
header, `open: why`, and holds only if nothing at all was touched; a user's own metric is always computed. Tests compare
with full evaluations. Of a mart whose header says `incremental: column` the rows before the first touched month are
taken over, and the query runs over the months from there on; they are added as a file of their own, and the rows that
they replace in earlier files count no more. Everything else is computed. Files are written under new names and
`cache.json` last, so that a killed run leaves the old cache; a file that does not fit its checksum is not used.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.metrics.cache.entry import Entry, Piece, digest
from sfbench.metrics.cache.look import Look
from sfbench.metrics.cache.touched import ALWAYS, touched
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.figures import SCHEMA
from sfbench.metrics.mart import Mart
from sfbench.spec import Metric, Table
from sfbench.store.files import sha256, write_whole
from sfbench.store.read import sql_text

NAME = "cache.json"
FORMAT = 4
_PIECES = 14  # files of a mart, after which it is written anew: those of a year and two
_MANY = 1_000_000  # rows of a mart from which on those of the last twelve months are a file of their own
_NO_FIGURES = pa.Table.from_batches([], schema=SCHEMA)
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

    def recall(self, metrics: Iterable[Metric]) -> dict[str, pa.Table]:
        """The figures, by metric, of those of these metrics whose figures still hold."""
        kept = {m.id: entry for m in metrics if _built_in(m.where) and (entry := self._entry_of(m.id))}
        return self._figures({name: entry for name, entry in kept.items() if self._holds(name, entry)})

    def kept_rows(self, mart: Mart) -> Kept | None:
        """What still holds of a mart; None if all of it is to be computed."""
        entry = self._entry_of(mart.id) if mart.incremental else None
        if entry is None:
            return None
        first = self._first_to_build(mart, entry)
        if first == ALWAYS:
            return None
        pieces = entry.pieces if first is None else entry.before(first)
        return Kept(self._rows(pieces, mart.incremental), first)

    def keep_mart(self, connection: duckdb.DuckDBPyConnection, mart: Mart, new: str, first: datetime.date) -> None:
        """Keeps a mart that was built on the connection, if its header says `incremental`.

        `new` names a table of its rows from the month `first` on; those before are kept already (ALWAYS: it has all).
        """
        if not (mart.incremental and _built_in(mart.where)):
            return
        pieces = self._marts[mart.id].before(first) if first != ALWAYS else ()
        if len(pieces) >= _PIECES:
            pieces, new = (), mart.id

        def copy(path: Path, chosen: str) -> None:
            connection.execute(
                f"COPY (FROM {new} {chosen}) TO {sql_text(str(path))} (FORMAT parquet, COMPRESSION zstd)"
            )

        parts = [""] if pieces else _old_and_recent(connection, new, mart.incremental)
        added = [self._write(mart.id, partial(copy, chosen=chosen)) for chosen in parts]
        self._marts[mart.id] = Entry(self._digest(mart.id), len(self._looks) - 1, (*pieces, *added))

    def save(self, metrics: Iterable[Metric], figures: Mapping[str, pa.Table]) -> None:
        """Keeps the figures of these metrics, which `figures` has by id, and those of others as they are."""
        now = {metric.id for metric in metrics if _built_in(metric.where)}
        others = {name: entry for name in sorted(self._metrics.keys() - now) if (entry := self._entry_of(name))}
        tables = self._figures(others) | {name: figures[name] for name in now}
        rows = pa.concat_tables([_NO_FIGURES, *(tables[name] for name in sorted(tables))])
        written = (self._write("figures", lambda path: pq.write_table(rows, path, compression="zstd")),)
        self._metrics = {name: dataclasses.replace(entry, pieces=written) for name, entry in others.items()}
        self._metrics |= {name: Entry(self._digest(name), len(self._looks) - 1, written) for name in now}
        self._look_again()
        used = sorted({entry.look for entry in (*self._marts.values(), *self._metrics.values())})
        place = {number: new for new, number in enumerate(used)}
        record = {
            "format": FORMAT,
            "looks": [self._looks[number].to_json() for number in used],
            "marts": {name: _record(entry, place) for name, entry in sorted(self._marts.items())},
            "metrics": {name: _record(entry, place) for name, entry in sorted(self._metrics.items())},
        }
        write_whole(self.folder / NAME, json.dumps(record, indent=1).encode())
        entries = (*self._marts.values(), *self._metrics.values())
        referenced = {piece.file for entry in entries for piece in entry.pieces}
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
        """The entry of a metric or mart if what made it is unchanged and its files are whole."""
        entry = self._metrics.get(name) or self._marts.get(name)
        if entry is None or name not in self.known.needs or entry.digest != self._digest(name):
            return None
        return entry if all(self._is_sound(piece) for piece in entry.pieces) else None

    def _is_sound(self, piece: Piece) -> bool:
        if piece.file not in self._sound:
            path = self.folder / piece.file
            self._sound[piece.file] = path.is_file() and sha256(path) == piece.sha256
        return self._sound[piece.file]

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
        return self._is_after_all_closed(metric.period, entry, first)

    def _first_to_build(self, mart: Mart, entry: Entry) -> datetime.date | None:
        """The first month that a mart lacks or that was touched; None if it is none of a period that has closed."""
        first = self._first_touched(mart.id, entry)
        return None if first and self._is_after_all_closed(mart.period, entry, first) else first

    def _is_after_all_closed(self, period: str, entry: Entry, first: datetime.date) -> bool:
        months = (self._looks[entry.look].last_month, self.look.last_month)
        return all(month and first > _closed(period, month) for month in months)

    def _look_again(self) -> None:
        """Marts that nobody asked for and that still hold were looked at as well: one look fewer to compare with."""
        now = len(self._looks) - 1
        for name, entry in self._marts.items():
            whole = entry.look != now and self._entry_of(name) is not None
            if whole and self._first_to_build(self.known.marts[name], entry) is None:
                self._marts[name] = dataclasses.replace(entry, look=now)

    def _rows(self, pieces: Iterable[Piece], column: str = "") -> str:
        """A SELECT of the rows of pieces; the column is that of their months."""
        parts = []
        for piece in pieces:
            rows = f"SELECT * FROM read_parquet({sql_text(str(self.folder / piece.file))})"
            parts.append(f"{rows} WHERE {column} < DATE '{piece.until}'" if piece.until else rows)
        return " UNION ALL BY NAME ".join(parts)

    def _figures(self, entries: Mapping[str, Entry]) -> dict[str, pa.Table]:
        """Figures by metric. Those of a metric follow each other in their file, in the order of the long table."""
        found: dict[str, pa.Table] = {}
        for piece in dict.fromkeys(piece for entry in entries.values() for piece in entry.pieces):
            rows, start = pq.ParquetFile(self.folder / piece.file).read(), 0
            for name, number in ((count["values"], count["counts"]) for count in pc.value_counts(rows["metric"])):
                found[name.as_py()] = rows.slice(start, number.as_py())
                start += number.as_py()
        return {name: found[name] for name in entries}

    def _write(self, stem: str, write: Callable[[Path], object]) -> Piece:
        unfinished = self.folder / f".{stem}.in-progress"
        write(unfinished)
        checksum = sha256(unfinished)
        file = f"{stem}-{checksum[:16]}.parquet"
        unfinished.replace(self.folder / file)
        return Piece(file, checksum)


def _old_and_recent(connection: duckdb.DuckDBPyConnection, rows: str, column: str) -> list[str]:
    """Conditions that divide the rows, if they are many: what comes to be known late is of recent months as a rule, and
    whoever asks for these then does not read the others."""
    asked = f"SELECT COUNT(*), LAST_DAY(MAX({column}) - INTERVAL 12 MONTH) FROM {rows}"
    number, year_ago = connection.execute(asked).fetchall()[0]
    if number < _MANY or year_ago is None:
        return [""]
    return [f"WHERE {column} <= DATE '{year_ago}'", f"WHERE {column} > DATE '{year_ago}' OR {column} IS NULL"]


def _closed(period: str, last_month: datetime.date) -> datetime.date:
    """End of the last period that has closed by a month end: by 2025-11-30, of quarters, 2025-09-30."""
    after = (last_month.year * 12 + last_month.month) // _MONTHS[period] * _MONTHS[period]
    return datetime.date(after // 12, after % 12 + 1, 1) - datetime.timedelta(days=1)


def _built_in(where: str) -> bool:
    return Path(where).is_relative_to(PACKAGE)


def _record(entry: Entry, place: Mapping[int, int]) -> dict[str, Any]:
    return entry.to_json() | {"look": place[entry.look]}
