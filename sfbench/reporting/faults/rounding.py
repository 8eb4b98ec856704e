"""Figures that have lost their last digits."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="过度取整",
    en="Rounding",
    level="statistical",
    visible=False,
    mechanisms=("to the nearest unit", "down to a multiple of five units"),
    mechanisms_zh=("四舍五入到单位的整数倍", "向下取整到五个单位的整数倍"),
    kinds=("money",),
    at=("report", "source"),
    severity="warning",
    defaults={"unit": 10_000},  # yuan
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Figures of at least ten units; those that are round already stay."""
    cells, unit = rows.columns[wish.columns[0]], int(wish.settings["unit"] * 100)
    amount = values(cells)
    wrong = (amount + unit // 2) // unit * unit if wish.mechanism == 1 else amount // (5 * unit) * (5 * unit)
    at = rows.pick(draw, filled(cells) & (np.abs(amount) >= 10 * unit) & (wrong != amount))
    return change(rows, at, {wish.columns[0]: wrong[at]})
