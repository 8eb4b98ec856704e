"""Which rows a wish may hit, and how likely each is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sfbench.content.wishes import feed_column, size_column, value_column
from sfbench.draws import month_of
from sfbench.kit import Bools, Columns, Draw, Floats, Ints
from sfbench.reporting.cells import filled, values
from sfbench.spec import Lever, Table, Wish
from sfbench.world.levers import strength

_POWERS = 10 ** np.arange(1, 19, dtype=np.int64)
_MIDDLE = 9  # digits of a middling amount in cents: 1 to 10 million yuan


def allowed(wish: Wish, table: Table, columns: Columns, rows: int) -> Bools:
    """Rows that meet the conditions of a wish: its `where`, `from` and `to`."""
    inside = np.ones(rows, np.bool_)
    if wish.only is not None:
        name, wanted = wish.only
        column, cells = table.column(name), columns[name]
        codes = [code.code for code in column.values]
        numbers = [codes.index(w) if codes else int(w == "true") if column.kind == "flag" else int(w) for w in wanted]
        inside &= filled(cells) & np.isin(values(cells), numbers)
    if wish.since is not None or wish.until is not None:
        day = columns[table.event_on]
        inside &= filled(day)
        inside &= values(day) >= wish.since if wish.since is not None else True
        inside &= values(day) <= wish.until if wish.until is not None else True
    return inside


def rates(wish: Wish, table: Table, columns: Columns, rows: int, draw: Draw) -> Floats:
    """The chance of each row: the wish's rate times a factor whose mean over the levels is about one.

    bank: twice a uniform, drawn once a bank. size: the smaller the firm the worse. value: by the amount's digits.
    """
    factor = np.ones(rows)
    if wish.depends_on == "bank":
        bank = feed_column(table)
        assert bank is not None  # the scenario was checked
        factor = 2 * draw.uniform("bank", values(columns[bank.name]))
    elif wish.depends_on == "size":
        size = size_column(table)
        assert size is not None
        classes = len(size.values)
        factor = 2 * (np.asarray(values(columns[size.name]), np.float64) + 1) / (classes + 1)
    elif wish.depends_on == "value":
        amount = value_column(table, wish)
        assert amount is not None
        factor = (np.searchsorted(_POWERS, np.abs(values(columns[amount.name])), side="right") + 1) / _MIDDLE
    return np.minimum(wish.rate * factor, 1.0)


def following(wish: Wish, table: Table, columns: Columns, seed: int, levers: Sequence[Lever]) -> Floats:
    """The size of the lever that a wish follows, for the bank and month of each row; 0 if there is no such lever."""
    bank = feed_column(table)
    assert bank is not None  # the scenario was checked
    months: Ints = np.asarray(month_of(values(columns[table.event_on])), np.int64)
    lever = next((lever for lever in levers if lever.name == wish.follows), None)
    return np.zeros(len(months)) if lever is None else strength(lever, seed, values(columns[bank.name]), months)
