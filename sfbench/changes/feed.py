"""Writes the batches: OUT/<day>/<table>/*.parquet and OUT/changes.json."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from sfbench import content
from sfbench.changes.query import AT, OPERATION, By, changes_of
from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.spec.parents import parents_first
from sfbench.store import manifest
from sfbench.store.arrow import SYNTHETIC_MARK
from sfbench.store.files import write_whole
from sfbench.store.read import open_dataset
from sfbench.store.unwritable import unwritable

OPERATIONS = ("insert", "update", "delete")
NAME, _BUILDING = "changes.json", ".building"
FIRST, LAST = datetime.date(2022, 1, 1), datetime.date(2027, 12, 31)  # the window of a dataset


class Batch(NamedTuple):
    """Rows of one kind sent for a table at the end of a period."""

    at: datetime.date
    table: str
    operation: str
    rows: int


def write_feed(
    folder: Path,
    out: Path,
    *,
    by: By = "month",
    since: datetime.date = FIRST,
    until: datetime.date = LAST,
    tables: Sequence[str] | None = None,
    force: bool = False,
    extra: tuple[Path, ...] = (),
) -> list[Batch]:
    """Write the change feed of a dataset; returns what was written, in the order in which a receiver applies it.

    The first batch, dated the day before `since`, holds all that was known by then, the last one what was by `until`.
    Applying the batches up to a period's end gives what `open_dataset(folder, as_of=that day)` shows. Raises
    SfbenchError for a folder that cannot be read, an `out` that holds something else, or `since` after `until`.
    """
    if since > until:
        raise SfbenchError("--from lies after --to", where="--from", fix="swap them")
    known = {name: table.spec for name, table in content.tables(extra).items() if table.spec.published}
    connection = open_dataset(folder, tables=tables, declared=known)
    connection.execute("SET threads = 1")  # with more, the rows of a file stand in another order on each run
    whole = (folder / manifest.NAME).is_file()  # else the tables are a user's own, and not marked
    mark = f", KV_METADATA {{synthetic: '{SYNTHETIC_MARK}'}}" if whole else ""
    try:
        site = _site(out, force)
        base = since - datetime.timedelta(days=1)
        sent = [
            batch
            for name in _views(connection, known)
            for batch in _write(connection, known[name], site, by, base, until, mark)
        ]
    finally:
        connection.close()
    sent = in_order(sent, known)
    facts = {
        "synthetic": {"en": "synthetic data", "zh": SYNTHETIC_MARK} if whole else {},
        "of": manifest.read(folder).fingerprint if whole else "",
        "by": by,
        "from": str(since),
        "to": str(until),
        "batches": [{"at": str(b.at), "table": b.table, "operation": b.operation, "rows": b.rows} for b in sent],
    }
    _publish(out, site, json.dumps(facts, ensure_ascii=False, indent=1).encode())
    return sent


def in_order(sent: Sequence[Batch], known: Mapping[str, Table]) -> list[Batch]:
    """Day by day what comes, is changed and goes; a row comes after those that it refers to, and goes before them."""
    place = {name: at for at, name in enumerate(parents_first(known))}

    def turn(batch: Batch) -> tuple[datetime.date, int, int]:
        at = place[batch.table]
        return batch.at, OPERATIONS.index(batch.operation), -at if batch.operation == "delete" else at

    return sorted(sent, key=turn)


def _views(connection: duckdb.DuckDBPyConnection, known: Mapping[str, Table]) -> list[str]:
    found = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    return sorted(name for (name,) in found if name in known)


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    site: Path,
    by: By,
    base: datetime.date,
    until: datetime.date,
    mark: str,
) -> list[Batch]:
    whole = site / table.name
    whole.mkdir()
    connection.execute(
        f"COPY ({changes_of(table, by, base, until)}) TO '{str(whole).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, "
        f'COMPRESSION zstd, PARTITION_BY ("{AT}"), WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE true{mark})'
    )
    sent = []
    for part in sorted(whole.iterdir()):
        day = part.name.removeprefix(f"{AT}=")
        place = site / day / table.name
        place.parent.mkdir(exist_ok=True)
        part.rename(place)
        counts = connection.execute(
            f'SELECT "{OPERATION}", count(*) FROM read_parquet(?, hive_partitioning = false) GROUP BY ALL',
            [f"{place}/*.parquet"],
        ).fetchall()
        sent += [Batch(datetime.date.fromisoformat(day), table.name, operation, rows) for operation, rows in counts]
    whole.rmdir()
    return sent


def _site(out: Path, force: bool) -> Path:
    """An empty folder inside `out` to build in. An earlier feed is replaced with `force`; anything else is refused."""
    site = out / _BUILDING
    held = {path.name for path in out.iterdir()} - {_BUILDING} if out.is_dir() else set()  # a stopped run's site goes
    if out.is_file() or (held and NAME not in held):
        why = "it is not an empty folder, and sfbench removes only what it wrote"
        fix = "choose another --out"
        raise SfbenchError("the output folder holds something else", where=str(out), why=why, fix=fix)
    if held and not force:
        fix = "add --force to replace it, or choose another --out"
        raise SfbenchError("the output folder holds a change feed", where=str(out), fix=fix)
    if held:
        _days(out / NAME)
    try:
        if site.exists():
            shutil.rmtree(site)
        site.mkdir(parents=True)
    except OSError as error:
        raise unwritable(out, str(error)) from error
    return site


def _days(path: Path) -> set[datetime.date]:
    """The batches that an earlier feed lists: dates alone, so nothing outside its folder is ever named."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {datetime.date.fromisoformat(batch["at"]) for batch in record["batches"]}
    except (ValueError, LookupError, TypeError) as error:
        fix = "remove the feed yourself, or choose another --out"
        raise SfbenchError("the list of batches was edited or damaged", where=str(path), fix=fix) from error


def _publish(out: Path, site: Path, facts: bytes) -> None:
    """Put the finished days in the place of an earlier feed, whose days go; the list of batches comes last."""
    if (out / NAME).is_file():
        days = _days(out / NAME)
        (out / NAME).unlink()
        for day in days:
            shutil.rmtree(out / str(day))
    for built in sorted(site.iterdir()):
        built.rename(out / built.name)
    write_whole(out / NAME, facts)
    site.rmdir()
