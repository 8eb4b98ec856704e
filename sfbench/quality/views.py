"""The computed views of suites: queries worked out once, into tables of the in-memory database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb

from sfbench.errors import SfbenchError
from sfbench.quality.expectation import Expectation, Suite
from sfbench.quality.partial import Partial, partial


@dataclass(frozen=True, slots=True)
class Lack:
    """Why a view is not there, or which columns of it are not."""

    why: str
    left: Partial | None = None  # what is there, if something is

    def blocks(self, query: str) -> bool:
        """Whether the answer to a query of the view would leave out what is lost, though it can be asked.

        That is so if it asks of all rows with any flag, and not of those with a certain one.
        """
        return self.left is None or (bool(self.left.flags) and not self.left.flags & _words(query))

    def cause(self, query: str) -> str:
        """Why a query of the view has no answer; empty if that is not for what the view lacks."""
        if self.left is None:
            return self.why
        named = _words(query)
        return next((why for column, why in self.left.lost.items() if column in named), "")


Failed = dict[str, Lack]  # by name of a view that could not be computed, or not whole


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
    """Computes the views of these suites; of one that lacks tables or columns, what hangs on none of them."""
    failed: Failed = {}
    for suite in suites:
        for name, query in suite.views.items():
            if why := _compute(connection, name, query):
                read = [lack for other, lack in failed.items() if other in query]
                known = {column: why for lack in read if lack.left for column, why in lack.left.lost.items()}
                left = partial(connection, query, known)
                if left and _compute(connection, name, left.query):
                    left = None
                failed[name] = Lack(next((lack.why for lack in read), f"{name}: {why}"), left)
    return failed


def drop(connection: duckdb.DuckDBPyConnection, suites: Iterable[Suite], failed: Failed) -> None:
    """Drops the views of these suites, except those that could not be computed."""
    for suite in suites:
        for name in suite.views:
            if name not in failed or failed[name].left:
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
        return str(error)
    return ""


def _words(query: str) -> set[str]:
    return set(re.findall(r"\w+", query))
