"""Calendar arithmetic on whole arrays: a date is int32 days since 1970-01-01, a month is year * 12 + month - 1.

Both are looked up in small tables of the years 1900 to 2199; anything outside raises SfbenchError.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sfbench.errors import SfbenchError

Days = NDArray[np.int32]
Months = NDArray[np.int32]

FIRST_YEAR, LAST_YEAR = 1900, 2199
_FIRST_MONTH = FIRST_YEAR * 12
_FIRST_DAY = -25567  # 1900-01-01
_SHIFT_TO_WEEKDAY = np.array([0, 0, 0, 0, 0, 2, 1], np.int32)  # Monday to Sunday
_THURSDAY = 3  # 1970-01-01


def day_number(date: str) -> int:
    """The days from 1970-01-01 to a date, YYYY-MM-DD."""
    return int(np.datetime64(date, "D").astype(np.int64))


def month_of(days: ArrayLike) -> Months:
    """The int32 month number of each date."""
    return _look_up(_month_of_day(), days, _FIRST_DAY)


def month_start(month: ArrayLike) -> Days:
    """The first day of each month."""
    return _look_up(_starts()[:-1], month, _FIRST_MONTH)


def month_end(month: ArrayLike) -> Days:
    """The last day of each month."""
    return _look_up(_starts()[1:], month, _FIRST_MONTH) - np.int32(1)


def add_months(days: ArrayLike, n: ArrayLike) -> Days:
    """The same day n months later (n < 0: earlier), or that month's last day if it is shorter."""
    date = np.asarray(days, np.int32)
    month = month_of(date)
    target = month + np.asarray(n, np.int32)
    return np.asarray(np.minimum(month_start(target) + (date - month_start(month)), month_end(target)))


def day_in_month(month: ArrayLike, u: ArrayLike) -> Days:
    """A day of each month, evenly by the uniforms u in [0, 1)."""
    start = month_start(month)
    length = month_end(month) - start + np.int32(1)
    return np.asarray(start + (np.asarray(u, np.float64) * length).astype(np.int32))


def weekday(days: ArrayLike) -> NDArray[np.int32]:
    """0 for Monday to 6 for Sunday."""
    return np.asarray((np.asarray(days, np.int32) + np.int32(_THURSDAY)) % np.int32(7))


def next_weekday(days: ArrayLike) -> Days:
    """The date itself, or the Monday after it for a Saturday or a Sunday (no public holidays)."""
    date = np.asarray(days, np.int32)
    return np.asarray(date + _SHIFT_TO_WEEKDAY[weekday(date)])


def _look_up(table: NDArray[np.int32], index: ArrayLike, first: int) -> NDArray[np.int32]:
    place = np.asarray(np.asarray(index, np.int64) - first)
    # numpy would count a negative place from the table's end; without its sign it lies far beyond it
    if place.size and place.view(np.uint64).max() >= table.size:
        raise SfbenchError(f"a date lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return np.asarray(table.take(place))


@cache
def _starts() -> NDArray[np.int32]:
    """The first day of every month, and of the month after the last."""
    months = np.arange(f"{FIRST_YEAR}-01", f"{LAST_YEAR + 1}-02", dtype="datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int32)


@cache
def _month_of_day() -> NDArray[np.int32]:
    lengths: NDArray[Any] = np.diff(_starts())
    return np.repeat(np.arange(_FIRST_MONTH, _FIRST_MONTH + lengths.size, dtype=np.int32), lengths)
