"""Figures that gather where people like them."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="数值堆积",
    en="Heaping",
    level="statistical",
    visible=False,
    mechanisms=("at round figures", "just below a threshold"),
    mechanisms_zh=("集中于整数", "集中于门槛之下"),
    kinds=("money",),
    at=("report", "source"),
    severity="warning",
    defaults={"threshold": 10_000_000, "reach": 0.25},  # yuan; how far above it figures are pulled down
)

POWERS = 10 ** np.arange(0, 18, dtype=np.int64)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Down to one digit that counts, or from above a threshold to it."""
    cells = rows.columns[wish.columns[0]]
    amount = values(cells)
    if wish.mechanism == 1:
        power = POWERS[np.maximum(np.searchsorted(POWERS, amount, side="right") - 1, 0)]
        wrong, fits = amount // power * power, amount > 0
    else:
        line = int(wish.settings["threshold"] * 100)
        fits = (amount > line) & (amount <= line * (1 + wish.settings["reach"]))
        wrong = np.full(len(rows), line)
    at = rows.pick(draw, filled(cells) & fits)
    return change(rows, at, {wish.columns[0]: wrong[at]})
