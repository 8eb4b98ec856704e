"""What faults ask of a table: the file a row came in, its fellow of an earlier month."""

from __future__ import annotations

import numpy as np

from sfbench.content.wishes import feed_column
from sfbench.draws import Draw, month_of
from sfbench.errors import SfbenchError
from sfbench.kit import Ints
from sfbench.reporting.cells import values
from sfbench.reporting.identity import mixed
from sfbench.reporting.rows import Rows

BEGINS = (2023 * 12, 2026 * 12)  # months between which a lasting change begins: both sides have a year and more


def months(rows: Rows) -> Ints:
    """Number of the month in which each row's event lies. Raises SfbenchError for a table without such a day."""
    if not rows.table.event_on:
        raise SfbenchError(f"{rows.table.name!r} has no day of an event", fix="choose another table")
    return np.asarray(month_of(values(rows.columns[rows.table.event_on])), np.int64)


def feed(rows: Rows) -> Ints:
    """A number for each row that it shares with the rows of the same month and reporting institution, if it names one.

    The same in every block: a month that one block loses, every block loses.
    """
    who = feed_column(rows.table)
    institution = np.zeros(len(rows), np.int64) if who is None else values(rows.columns[who.name])
    return np.asarray(institution * 100_000 + months(rows), np.int64)


def from_month(rows: Rows, draw: Draw) -> tuple[Ints, Ints]:
    """(the reporting institution of each row, months since the one from which it reports otherwise, drawn once)."""
    who = feed_column(rows.table)
    institution = np.zeros(len(rows), np.int64) if who is None else values(rows.columns[who.name])
    return institution, months(rows) - draw.between("begins", institution, *BEGINS)


def figures(rows: Rows) -> tuple[str, ...]:
    """Names of the columns with figures, the key aside."""
    kinds = ("money", "rate", "count", "number")
    return tuple(c.name for c in rows.table.columns if c.kind in kinds and c.name not in rows.table.key)


def earlier(rows: Rows, lag: int) -> Ints:
    """Position of the row with the same key `lag` months before, -1 where there is none in the block."""
    month = rows.table.event_on
    rest = [name for name in rows.table.key if name != month]
    who, when = mixed(rows.table, rows.columns, rest), months(rows)
    order = np.lexsort([when, who])
    who, when = who[order], when[order]
    out = np.full(len(order), -1)
    for back in range(1, min(lag, len(order) - 1) + 1):  # in this order it stands at most `lag` rows before
        same = (who[back:] == who[:-back]) & (when[back:] - when[:-back] == lag)
        out[order[back:][same]] = order[:-back][same]
    return out
