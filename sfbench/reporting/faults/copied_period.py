"""A figure taken over from an earlier period."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, earlier, take, values

FAULT = Fault(
    zh="照抄上期",
    en="Copied period",
    level="statistical",
    visible=True,
    mechanisms=("from the month before", "from the same month a year before"),
    mechanisms_zh=("抄自上月", "抄自上年同月"),
    asks=("month_key",),
    kinds=("money", "rate", "count", "number"),
    severity="warning",
)

LAG = {1: 1, 2: 12}  # months


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The cell of the row with the same key and an earlier month."""
    before = earlier(rows, LAG[wish.mechanism])
    at = rows.pick(draw, before >= 0)
    return change(rows, at, {wish.columns[0]: take(rows.columns[wish.columns[0]], before[at])})


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A figure that truly is what it was."""
    before, figure = earlier(rows, LAG[wish.mechanism]), values(rows.columns[wish.columns[0]])
    return np.asarray((before >= 0) & (figure == figure[before]))
