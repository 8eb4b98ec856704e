"""The computed views of suites: queries worked out once, into tables of the in-memory database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

from sfbench.quality.expectation import Suite


@contextmanager
def computed(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite]) -> Iterator[dict[str, str]]:
    """While open, the views of these suites are there; yields name -> why it could not be computed."""
    made: list[str] = []
    failed: dict[str, str] = {}
    try:
        for suite in suites:
            for name, query in suite.views.items():
                # A view that reads one that failed fails for the same cause.
                why = next((why for other, why in failed.items() if other in query), None)
                why = why or _compute(connection, name, query)
                if why:
                    failed[name] = why
                else:
                    made.append(name)
        yield failed
    finally:
        for name in reversed(made):
            connection.execute(f'DROP TABLE "{name}"')


def _compute(connection: duckdb.DuckDBPyConnection, name: str, query: str) -> str:
    try:
        connection.execute(f'CREATE TEMP TABLE "{name}" AS {query}')
    except duckdb.Error as error:
        return f"{name}: {error}"
    return ""
