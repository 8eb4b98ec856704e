"""Rows in another order than that of the register."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, reorder

FAULT = Fault(
    zh="次序错乱",
    en="Rows out of order",
    level="row",
    visible=False,
    mechanisms=("a row changes places with the next", "a run of rows comes in reverse"),
    mechanisms_zh=("一条记录与下一条互换", "一段记录倒序"),
    columns=0,
    severity="info",
)

RUN = 5  # rows of a run that is turned


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Runs of two rows or of five, turned round; none overlaps another."""
    run = 2 if wish.mechanism == 1 else RUN
    at = rows.pick(draw)
    at = at[at + run <= len(rows)]
    apart = np.diff(at, prepend=-run) >= run
    apart[1:] &= apart[:-1] | (np.diff(at) >= 2 * run)
    at = at[apart]
    at = at[rows.open[at[:, None] + np.arange(run)].all(axis=1)]
    order, group = np.arange(len(rows)), rows.identity.copy()
    for place in range(run):
        order[at + place] = at + run - 1 - place
        group[at + place] = rows.identity[at]
    return reorder(rows, order, group)
