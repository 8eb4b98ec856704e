"""The computed views of suites: queries worked out once, into tables of the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import duckdb

from sfbench.errors import SfbenchError
from sfbench.quality.expectation import Expectation, Suite

Failed = dict[str, str]  # name of a view -> why it could not be computed


@contextmanager
def computed(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Iterator[Failed]:
    """While open, the views of these suites are there."""
    whole = list(suites)
    failed = compute(connection, whole)
    try:
        yield failed
    finally:
        drop(connection, whole, failed)


def compute(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Failed:
    """Computes the views of these suites."""
    failed: Failed = {}
    for suite in suites:
        for name, query in suite.views.items():
            # A view that reads one that failed fails for the same cause.
            why = next((why for other, why in failed.items() if other in query), None)
            if why := why or _compute(connection, name, query):
                failed[name] = why
    return failed


def drop(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite], failed: Failed) -> None:
    """Drops the views of these suites, except those that could not be computed."""
    for suite in suites:
        for name in suite.views:
            if name not in failed:
                connection.execute(f'DROP TABLE "{name}"')


def needed(views: Mapping[str, str], queries: Iterable[str]) -> dict[str, str]:
    """Those of the views that the queries name, and that these name in turn, in the order of the views."""
    texts, found = list(queries), []
    for name, query in reversed(list(views.items())):  # a view reads only views before it
        if any(name in text for text in texts):
            found.append((name, query))
            texts.append(query)
    return dict(reversed(found))


def narrowed(suite: Suite, kept: Iterable[Expectation]) -> Suite:
    """The suite with these of its expectations, and no view that none of them reads."""
    left = tuple(kept)
    return replace(suite, expectations=left, views=needed(suite.views, [e.query for e in left]))


def refuse_clashes(suites: Iterable[Suite]) -> None:
    """Raises SfbenchError if two suites have a view of one name."""
    first: dict[str, str] = {}
    for suite in suites:
        for name in suite.views:
            if name in first:
                why = f"{first[name]} has a view of this name"
                raise SfbenchError(f"view {name!r} is given twice", where=suite.where, why=why, fix="rename one")
            first[name] = suite.where


def _compute(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> str:
    try:
        connection.execute(f'CREATE TABLE "{name}" AS {query}')
    except duckdb.Error as error:
        return f"{name}: {error}"
    return ""
