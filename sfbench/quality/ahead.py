"""What DuckDB is asked by the suites' own queries, worked out while Great Expectations judges the tables before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore, Event
from typing import Any

import duckdb

from sfbench.quality.catalogue import found_tables
from sfbench.quality.expectation import ROWS, Expectation, Suite
from sfbench.quality.views import Failed, compute, drop, refuse_clashes
from sfbench.store.read import without_bar

SHOWN = 200  # rows of a query that are fetched (as many as GX fetches)
_WORKERS = 1  # tables worked on at once: two take twice the memory and a tenth more CPU time
_STANDING = 4  # tables whose views may stand at once where they are kept: what bounds their memory


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a row query: its first rows and how many there are, or the error."""

    first: tuple[dict[str, Any], ...] = ()
    number: int = 0
    error: duckdb.Error | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """What is known of a table: the views that could not be computed whole, and the answers to row queries.

    rows: row query, stripped as GX strips it -> its answer.
    """

    failed: Failed
    rows: Mapping[str, Rows]


class Ahead:
    """Computes the views of suites and runs their row queries, table by table, in a thread of its own.

    DuckDB works here without Python, and GX is mostly Python: side by side they use two cores. The views of a table
    are dropped once its queries are answered, so that those of one table stand at any time.
    keep_views: they are kept until `of` is left, for who runs further queries on them.
    Raises SfbenchError if two suites have a view of one name.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        suites: Mapping[str, Iterable[Suite]],
        *,
        keep_views: bool = False,
    ) -> None:
        refuse_clashes([suite for own in suites.values() for suite in own])
        self.there = found_tables(connection)  # tables of the dataset, before any view stands beside them
        self._connection, self._keep = connection, keep_views
        self._suites = {table: list(own) for table, own in suites.items() if table in self.there}
        self._cursors = {table: connection.cursor() for table in self._suites}
        self._room, self._stopped = BoundedSemaphore(_STANDING), Event()
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS)
        self._found: dict[str, Future[Worked]] = {
            table: self._workers.submit(self._work, table) for table in self._suites
        }

    @contextmanager
    def of(self, table: str) -> Iterator[Worked]:
        """What was worked out of this table; while open, the views of its suites are there if they are kept."""
        worked = self._found[table].result()
        try:
            yield worked
        finally:
            if self._keep:
                drop(self._connection, self._suites[table], worked.failed)
                self._room.release()

    def close(self) -> None:
        """Stops; what is being computed is given up."""
        self._stopped.set()
        self._workers.shutdown(wait=False, cancel_futures=True)
        for cursor in self._cursors.values():
            cursor.interrupt()
        self._workers.shutdown()
        for cursor in self._cursors.values():
            cursor.close()

    def _work(self, table: str) -> Worked:
        # Tables are begun and left in one order, so the one that is waited for always has room.
        while self._keep and not self._room.acquire(timeout=0.1):
            if self._stopped.is_set():
                return Worked({}, {})
        cursor, suites = self._cursors[table], self._suites[table]
        without_bar(cursor)  # each cursor has its own
        failed = compute(cursor, suites)
        asked = [e for suite in suites for e in suite.expectations if e.type == ROWS]
        rows = {e.query.strip(): _answer(cursor, table, e, failed) for e in asked if not self._stopped.is_set()}
        if not self._keep:
            drop(cursor, suites, failed)
        return Worked(failed, rows)


def _answer(cursor: duckdb.DuckDBPyConnection, table: str, expectation: Expectation, failed: Failed) -> Rows:
    query = expectation.query.format(batch=f'"{table}"')
    lacks = [lack for name, lack in failed.items() if name in query]
    cause = next(filter(None, (lack.cause(query) for lack in lacks)), "")
    if blocking := [lack.why for lack in lacks if lack.blocks(query)]:
        return Rows(error=duckdb.Error(cause or blocking[0]))
    try:
        found = cursor.execute(query)
        names = [column[0] for column in found.description or ()]
        first = tuple(dict(zip(names, row, strict=True)) for row in found.fetchmany(SHOWN))
        number = len(first)
        if number == SHOWN:
            number = int(cursor.execute(f"SELECT count(*) FROM ({query})").fetchall()[0][0])
    except duckdb.Error as error:
        return Rows(error=duckdb.Error(cause) if cause else error)
    return Rows(first, number)
