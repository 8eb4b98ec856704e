"""Month arithmetic agrees with the standard library's calendar, day by day."""

import calendar
from datetime import date, timedelta

import numpy as np
import pytest

from sfbench.draws import add_months, day_in_month, day_number, month_end, month_of, month_start, next_weekday, weekday
from sfbench.errors import SfbenchError

EPOCH = date(1970, 1, 1)
DATES = [date(1950, 1, 1) + timedelta(days=i) for i in range((date(2101, 1, 1) - date(1950, 1, 1)).days)]
DAYS = np.array([(d - EPOCH).days for d in DATES], np.int32)


def days(*dates):
    return [(d - EPOCH).days for d in dates]


def test_months_of_every_day_from_1950_to_2100():
    assert month_of(DAYS).tolist() == [d.year * 12 + d.month - 1 for d in DATES]
    assert month_start(month_of(DAYS)).tolist() == days(*(d.replace(day=1) for d in DATES))
    lasts = (d.replace(day=calendar.monthrange(d.year, d.month)[1]) for d in DATES)
    assert month_end(month_of(DAYS)).tolist() == days(*lasts)
    assert weekday(DAYS).tolist() == [d.weekday() for d in DATES]


@pytest.mark.parametrize("n", [-25, -1, 0, 1, 12, 119])
def test_adding_months_keeps_the_day_or_takes_the_last(n):
    def shifted(d):
        year, month = divmod(d.year * 12 + d.month - 1 + n, 12)
        return date(year, month + 1, min(d.day, calendar.monthrange(year, month + 1)[1]))

    assert add_months(DAYS, n).tolist() == days(*map(shifted, DATES))


def test_adding_months_takes_one_number_a_row():
    start = np.array(days(date(2024, 1, 31), date(2024, 1, 31), date(2023, 1, 31)), np.int32)
    expected = days(date(2024, 2, 29), date(2024, 4, 30), date(2023, 2, 28))
    assert add_months(start, np.array([1, 3, 1])).tolist() == expected


def test_weekends_move_to_monday():
    moved = next_weekday(DAYS)
    assert (weekday(moved) < 5).all()
    assert ((moved == DAYS) == (weekday(DAYS) < 5)).all()
    assert (moved - DAYS).max() == 2
    assert (weekday(moved)[weekday(DAYS) >= 5] == 0).all()


def test_a_day_in_a_month_covers_the_whole_month():
    february = 2024 * 12 + 1
    u = (np.arange(2900) + 0.5) / 2900
    found, counts = np.unique(day_in_month(np.full(2900, february), u), return_counts=True)
    assert found.tolist() == list(range(int(month_start(february)), int(month_end(february)) + 1))
    assert set(counts) == {100}


def test_results_are_int32_and_scalars_are_welcome():
    for result in (month_of(0), month_start(23640), month_end(23640), add_months(0, 1), next_weekday(0)):
        assert result.dtype == np.int32
    assert month_start(1970 * 12) == 0


@pytest.mark.parametrize("day", [-25568, 84006, 2**31 - 1])
def test_a_date_outside_the_calendar_is_an_error(day):
    with pytest.raises(SfbenchError, match="1900 to 2199"):
        month_of(np.array([0, day], np.int32))
    assert month_of([-25567, 84005]).tolist() == [1900 * 12, 2199 * 12 + 11]


def test_a_date_is_the_days_since_1970():
    assert [day_number(str(d)) for d in DATES] == days(*DATES)
