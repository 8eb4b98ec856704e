"""A figure whose sign went wrong."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="符号错误",
    en="Wrong sign",
    level="cell",
    visible=True,
    mechanisms=("the sign is turned", "a negative figure stored as its complement to a power of ten"),
    mechanisms_zh=("正负号颠倒", "负数存成对10的幂的补数"),
    kinds=("money", "count", "rate"),
    at=("report", "source"),
)

POWERS = 10 ** np.arange(1, 18, dtype=np.int64)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Minus the figure, or ten's complement, as a field without room for a sign keeps it."""
    cells = rows.columns[wish.columns[0]]
    figure = values(cells)
    size = np.abs(figure)
    above = POWERS[np.searchsorted(POWERS[:-1], size, side="right")]
    wrong = -figure if wish.mechanism == 1 else above - size
    at = rows.pick(draw, filled(cells) & (figure != 0) & (size < POWERS[-1]))
    return change(rows, at, {wish.columns[0]: wrong[at]})


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A figure that is negative by right: a loss, or a balance that a rate of exchange lowered."""
    return np.asarray(values(rows.columns[wish.columns[0]]) < 0)
