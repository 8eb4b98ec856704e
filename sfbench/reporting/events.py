"""What faults ask of a table: the file a row came in, its fellow of an earlier month, a number that is free."""

from __future__ import annotations

import numpy as np

from sfbench.content.wishes import feed_column
from sfbench.draws import Draw, month_of
from sfbench.errors import SfbenchError
from sfbench.kit import Bools, Ints
from sfbench.reporting.cells import values
from sfbench.reporting.identity import mixed
from sfbench.reporting.rows import Rows

BEGINS = (2023 * 12, 2026 * 12)  # months between which a lasting change begins: both sides have a year and more
RUN = 1000  # numbers that lie nearer to each other than this belong to one run


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


def free_numbers(rows: Rows, draw: Draw) -> tuple[Ints, Bools]:
    """(another number for each row; whether it is free and no other row's other number).

    Numbers come in runs, such as a firm's notes. The other number lies in a gap of the row's run, or follows its last:
    nothing about it tells that it was not always there. Raises SfbenchError for a key that is not one number.
    """
    keys = rows.table.key
    if len(keys) != 1 or rows.table.column(keys[0]).kind != "key":
        raise SfbenchError(f"the key of {rows.table.name!r} is not one number", fix="choose another table")
    number = values(rows.columns[keys[0]])
    order = np.argsort(number, kind="stable")
    line = number[order]
    gap = np.diff(line, append=line[-1:])  # none behind the last: the next block may begin there
    near = gap[(gap > 0) & (gap <= RUN)]
    ends = np.flatnonzero(gap > RUN) if near.size else np.arange(len(line))
    run = np.searchsorted(ends, np.arange(len(line)))
    first, size = np.concatenate([[0], ends + 1]), np.diff(np.concatenate([[0], ends + 1, [len(line)]]))
    who = rows.identity[order]
    after = first[run] + draw.below("after", who, np.maximum(size[run], 1))
    last = after == first[run] + size[run] - 1
    steps = near if near.size else np.ones(1, np.int64)
    step = np.where(last & bool(near.size), steps[draw.below("step", who, len(steps))], 0)
    inside = 1 + draw.below("inside", who, np.maximum(gap[after] - 1, 1))
    other = line[after] + np.where(step > 0, step, inside)
    free = np.where(step > 0, step, inside) < gap[after]
    once = np.zeros(len(line), np.bool_)
    once[np.unique(other, return_index=True)[1]] = True
    back = np.argsort(order)
    return np.asarray(other[back]), np.asarray((free & once)[back])


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
