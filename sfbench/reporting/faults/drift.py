"""An institution whose figures move away from the truth from a month on."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, from_month, values

FAULT = Fault(
    zh="数值漂移",
    en="Drift",
    level="statistical",
    visible=False,
    mechanisms=("more with each month", "by a step, then no more"),
    mechanisms_zh=("偏差逐月加大", "偏差一次到位，其后不变"),
    asks=("event_day",),
    kinds=("money",),
    severity="warning",
    defaults={"monthly": 0.002, "step": 0.05},
)

UNIT = 1_000_000  # cents: it moves by whole ten thousands of yuan, or the last digits would betray it


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Every row of the institution from the month on."""
    cells = rows.columns[wish.columns[0]]
    event, since = from_month(rows, draw)
    at = rows.pick_events(draw, event, (since >= 0) & filled(cells))
    figure = values(cells)[at]
    steady = np.full(len(at), wish.settings["step"])
    share = wish.settings["monthly"] * (since[at] + 1) if wish.mechanism == 1 else steady
    return change(rows, at, {wish.columns[0]: figure + (figure * share).astype(np.int64) // UNIT * UNIT}, group=event)
