"""A total that is not the sum of its parts."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, values

FAULT = Fault(
    zh="合计不符",
    en="Total gap",
    level="cross",
    visible=True,
    mechanisms=("the total is off", "one part is off"),
    mechanisms_zh=("合计数有误", "一个分项有误"),
    columns=0,
    tables=("bank_month",),
    at=("report",),
    defaults={"gap": 0.03},  # largest share by which it is off
)

TOTAL, PARTS = "all_loans", ("enterprise_loans", "household_loans")


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The total, or one of its two largest parts, is off by up to the gap, upwards or downwards."""
    name = TOTAL if wish.mechanism == 1 else PARTS[0]
    figure = values(rows.columns[name])
    turn = 2 * draw.uniform("gap", rows.identity) - 1
    wrong = figure + (figure * wish.settings["gap"] * turn).astype(np.int64)
    at = rows.pick(draw, wrong != figure)
    return change(rows, at, {name: wrong[at]})
