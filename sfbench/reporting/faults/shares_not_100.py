"""Shares of one risk that do not sum to 100 percent."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, values

FAULT = Fault(
    zh="份额合计不为100%",
    en="Shares that are not 100 percent",
    level="cross",
    visible=True,
    mechanisms=("one share is off by some points", "shares as fractions of one"),
    mechanisms_zh=("一项比例差几个百分点", "各项比例以小数表示"),
    columns=0,
    tables=("guarantee", "insurance_share"),
    defaults={"points": 5},
)

SHARES = {
    "guarantee": ("share_national", "share_provincial", "share_city", "share_guarantor", "share_bank"),
    "insurance_share": ("share",),
}
POINT = 100_000  # of the raw column
WHOLE = 100 * POINT


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The last share of a row is moved, or all of its shares are a hundredth."""
    names = SHARES[wish.table]
    if wish.mechanism == 2:
        at = rows.pick(draw)
        return change(rows, at, {name: values(rows.columns[name])[at] // 100 for name in names})
    last = values(rows.columns[names[-1]])
    step = int(wish.settings["points"]) * POINT
    moved = np.where(last + step <= WHOLE, last + step, last - step)
    at = rows.pick(draw)
    return change(rows, at, {names[-1]: moved[at]})
