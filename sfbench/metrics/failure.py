"""The error of a query of a metric or mart, with the file and line of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.metrics.mart import Mart
from sfbench.spec import Metric


class QueryError(SfbenchError):
    """A query of a metric or mart that fails, or gives a figure twice.

    `built_in`: the file is ours, so the tables are to blame if not ours; `reason` says so in place of the figures.
    """

    built_in = False
    reason = ""


@contextmanager
def told(owner: Metric | Mart) -> Iterator[None]:
    """Says whose query fails: its line numbers are those of the owner's file."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        line = re.search(r"^LINE (\d+):", message, re.MULTILINE)
        where = f"{owner.where}:{line[1] if line else 1}"
        why = message.split("\n\nLINE ")[0].replace("\n", " ")
        what = (
            f"the query of metric {owner.id!r} fails"
            if isinstance(owner, Metric)
            else f"the query of mart {owner.id!r} fails"
        )
        own = not Path(owner.where).is_relative_to(PACKAGE)
        fix = "correct the query, or take the file out of the content folder" if own else ""
        failure = QueryError(what, where=where, why=why, fix=fix)
        raise marked(owner, failure, why) from error


def marked(owner: Metric | Mart, failure: QueryError, reason: str) -> QueryError:
    """The failure, marked with whose file it is and what to say in place of the figures."""
    failure.built_in = Path(owner.where).is_relative_to(PACKAGE)
    failure.reason = reason
    return failure
