"""An amount in yuan where ten thousand yuan are meant, or the other way round."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="单位错一万倍",
    en="Amount in another unit",
    level="cell",
    visible=True,
    mechanisms=("ten thousand times too large", "ten thousand times too small"),
    mechanisms_zh=("放大一万倍", "缩小一万倍"),
    kinds=("money",),
    at=("report", "source"),
    defaults={"factor": 10_000},
)

LARGEST = 10**17  # cents: what a factor may lead to and still fit the column


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Times or divided by the factor. The last digits stay as they were, so that they do not betray the row."""
    factor = int(wish.settings["factor"])
    cells = rows.columns[wish.columns[0]]
    amount = values(cells)
    tail = amount % factor
    if wish.mechanism == 1:
        fits = (np.abs(amount) < LARGEST // factor) & (amount != 0)
        wrong = amount * factor + tail
    else:
        fits = np.abs(amount) >= factor * factor
        wrong = amount // factor - amount // factor % 100 + tail % 100
    at = rows.pick(draw, filled(cells) & fits)
    return change(rows, at, {wish.columns[0]: wrong[at]})


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A genuine outlier: among the largest amounts of its table and block."""
    cells = rows.columns[wish.columns[0]]
    amount, there = values(cells), filled(cells)
    edge = np.sort(amount[there])[-max(int(there.sum()) // 100, 1) :][:1]
    return np.asarray(there & (amount >= (edge[0] if edge.size else 0)))
