"""A date written in one order and read in another."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="日期格式错误",
    en="Date in another format",
    level="cell",
    visible=True,
    mechanisms=("day and month change places", "a year of two digits in the wrong century"),
    mechanisms_zh=("日与月互换", "两位年份补成了错误的世纪"),
    kinds=("date",),
    at=("report", "source"),
)

CENTURY = 1200  # months


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Only dates that the misreading changes: those with two numbers that both may be months, or any."""
    cells = rows.columns[wish.columns[0]]
    days = values(cells).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    year, month = months.astype("datetime64[Y]"), (months - months.astype("datetime64[Y]")).astype(np.int64) + 1
    day = (days - months).astype(np.int64) + 1
    if wish.mechanism == 1:
        fits = (day <= 12) & (day != month)
        wrong = (year.astype("datetime64[M]") + (day - 1)).astype("datetime64[D]") + (month - 1)
    else:
        fits = day <= 28  # so that the day exists in that year too
        wrong = (months - CENTURY).astype("datetime64[D]") + (day - 1)
    at = rows.pick(draw, filled(cells) & fits)
    return change(rows, at, {wish.columns[0]: wrong[at].astype(np.int64).astype(np.int32)})
