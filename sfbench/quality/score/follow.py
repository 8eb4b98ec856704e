"""Which events the alarms of an earlier day meet: the expectations run on what was known then, by SQL alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sfbench.quality.catalogue import connected, found_tables
from sfbench.quality.expectation import Suite
from sfbench.quality.score.alarms import listener
from sfbench.quality.score.entities import Entities
from sfbench.quality.score.lag import HORIZONS, Lag, lag_of
from sfbench.quality.score.links import Ground
from sfbench.quality.score.meet import meet
from sfbench.quality.score.planted import FAULTY
from sfbench.quality.views import computed
from sfbench.spec import Table

_KEPT = ("label", "label_link", "label_month", "label_mask", "label_own", "looks", "below")


def follow(
    dataset: Path,
    tables: Mapping[str, Table],
    suites: Mapping[str, Sequence[Suite]],
    last: Ground,
    labelled: frozenset[str],
    visible: frozenset[str],
) -> dict[str, list[tuple[int, int | None]]]:
    """fault -> (months followed, lag or None) of each of its events that was first known in the last months.

    suites: table -> its suites with the expectations to run; last: where the labels were loaded and met in the end.
    """
    names = (*_KEPT, *(f"labelled_{name}" for name in labelled))
    copies = {name: last.connection.sql(f'SELECT * FROM "{name}"').to_arrow_table() for name in names}
    ends = [row[0] for row in last.connection.execute("SELECT month FROM month ORDER BY month").fetchall()]
    ends = ends[-1 - max(HORIZONS) :]
    known = last.connection.execute(
        f"""SELECT event, fault, last_day(min(known)) AS first FROM label WHERE {FAULTY} AND known IS NOT NULL
            GROUP BY event, fault HAVING first >= ? AND first <= ?""",
        [ends[0], ends[-1]],
    ).fetchall()
    shown = [_met(dataset, tables, suites, copies, labelled, day) for day in ends[:-1]]
    shown.append(_events(last))
    found: dict[str, list[tuple[int, int | None]]] = {}
    for event, fault, first in known:
        start = ends.index(first)
        lag = next((place - start for place in range(start, len(ends)) if event in shown[place]), None)
        if fault in visible:
            found.setdefault(fault, []).append((len(ends) - 1 - start, lag))
    return found


def lags(followed: Mapping[str, Sequence[tuple[int, int | None]]], faults: Sequence[str]) -> Lag:
    """The lag of these faults together."""
    return lag_of(event for fault in faults for event in followed.get(fault, ()))


def _met(
    dataset: Path,
    tables: Mapping[str, Table],
    suites: Mapping[str, Sequence[Suite]],
    copies: Mapping[str, Any],
    labelled: frozenset[str],
    day: dt.date,
) -> set[int]:
    """Events that the alarms on the data as of `day` meet."""
    with connected(dataset, tables, day) as connection:
        ground = Ground(connection, Entities(tables), found_tables(connection))
        for name, rows in copies.items():
            connection.register(f"copy_{name}", rows)
            connection.execute(f'CREATE TEMP TABLE "{name}" AS FROM "copy_{name}"')
            connection.unregister(f"copy_{name}")
        note = listener(ground, labelled)
        for name, own in suites.items():
            with computed(connection, own):
                note(tables[name], [e for suite in own for e in suite.expectations])
        meet(ground)
        return _events(ground)


def _events(ground: Ground) -> set[int]:
    ask = f"SELECT DISTINCT event FROM meets JOIN label ON id = label WHERE {FAULTY}"
    return {int(row[0]) for row in ground.connection.execute(ask).fetchall()}
