"""What a day of knowledge changes in the suites: how far dates may go, and which tables must have rows by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from sfbench.quality.expectation import Suite
from sfbench.quality.views import narrowed
from sfbench.spec import Table
from sfbench.store import manifest


def known_day(dataset: Path, as_of: dt.date | None) -> dt.date | None:
    """The day whose knowledge is judged: the one asked for or that of the dataset, whichever came first; None: all.

    Raises SfbenchError for a manifest that cannot be read.
    """
    made = manifest.read(dataset).as_of if (dataset / manifest.NAME).exists() else None
    days = [day for day in (as_of, made and dt.date.fromisoformat(made)) if day]
    return min(days, default=None)


def due(table: Table, as_of: dt.date | None) -> bool:
    """Whether a table without rows is a fault on that day. By then a city may have had nothing to put into it."""
    return as_of is None or not table.rows_by or as_of >= dt.date.fromisoformat(table.rows_by)


def last_day(as_of: dt.date | None) -> str:
    """SQL of the last day that data may tell of: the last month end, or the day of knowledge in the month after it.

    A later day of knowledge is past the end of the data and lengthens nothing.
    """
    if as_of is None:
        return "(SELECT max(month.month) FROM month)"
    day = f"DATE '{as_of.isoformat()}'"
    return (
        f"(SELECT CASE WHEN last_day(max(month.month) + 1) <= {day} THEN max(month.month) "
        f"ELSE greatest(max(month.month), {day}) END FROM month)"
    )


def without_floors(suites: Iterable[Suite], tables: Mapping[str, Table], as_of: dt.date | None) -> tuple[Suite, ...]:
    """The base suites, less the fewest rows of a table of which none is due: a claim that could not fail is none."""
    return tuple(
        suite
        if due(tables[suite.table], as_of)
        else narrowed(suite, (e for e in suite.expectations if e.id != f"{suite.table}.floor"))
        for suite in suites
    )
