"""The computed views of suites: queries worked out once, into tables of the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb

from sfbench.errors import SfbenchError
from sfbench.quality.catalogue import found_tables
from sfbench.quality.expectation import Suite

Failed = dict[str, str]  # name of a view -> why it could not be computed


class Ahead:
    """Computes the views of suites, table by table, while Great Expectations judges the tables before.

    DuckDB works here without Python, and GX is mostly Python: side by side they take two thirds of the time.
    Raises SfbenchError if two suites have a view of one name.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, suites: Mapping[str, Iterable[Suite]]) -> None:
        _refuse_clashes([suite for own in suites.values() for suite in own])
        self.there = found_tables(connection)  # tables of the dataset, before any view stands beside them
        self._connection, self._suites = connection, suites
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._cursor = connection.cursor()
        self._found: dict[str, Future[Failed]] = {
            table: self._worker.submit(_compute_all, self._cursor, own)
            for table, own in suites.items()
            if table in self.there
        }

    @contextmanager
    def of(self, table: str) -> Iterator[Failed]:
        """While open, the views of the suites of this table are there."""
        failed = self._found[table].result()
        try:
            yield failed
        finally:
            _drop(self._connection, self._suites[table], failed)

    def close(self) -> None:
        """Stops; what is being computed is given up."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._cursor.interrupt()
        self._worker.shutdown()
        self._cursor.close()


@contextmanager
def computed(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Iterator[Failed]:
    """While open, the views of these suites are there."""
    whole = list(suites)
    failed = _compute_all(connection, whole)
    try:
        yield failed
    finally:
        _drop(connection, whole, failed)


def _compute_all(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Failed:
    failed: Failed = {}
    for suite in suites:
        for name, query in suite.views.items():
            # A view that reads one that failed fails for the same cause.
            why = next((why for other, why in failed.items() if other in query), None)
            if why := why or _compute(connection, name, query):
                failed[name] = why
    return failed


def _compute(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> str:
    try:
        connection.execute(f'CREATE TABLE "{name}" AS {query}')
    except duckdb.Error as error:
        return f"{name}: {error}"
    return ""


def _drop(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite], failed: Failed) -> None:
    for suite in suites:
        for name in suite.views:
            if name not in failed:
                connection.execute(f'DROP TABLE "{name}"')


def _refuse_clashes(suites: Iterable[Suite]) -> None:
    first: dict[str, str] = {}
    for suite in suites:
        for name in suite.views:
            if name in first:
                why = f"{first[name]} has a view of this name"
                raise SfbenchError(f"view {name!r} is given twice", where=suite.where, why=why, fix="rename one")
            first[name] = suite.where
