"""What of a cache still holds hangs on months: which periods have closed, and which rows of a file have passed."""

from __future__ import annotations

from datetime import date

import pytest

from sfbench.metrics.cache.cache import _closed
from sfbench.metrics.cache.entry import Entry, Piece
from sfbench.metrics.cache.touched import _month_end


@pytest.mark.parametrize(
    ("period", "month", "closed"),
    [
        ("month", "2024-02-29", "2024-02-29"),
        ("month", "2025-12-31", "2025-12-31"),
        ("quarter", "2025-12-31", "2025-12-31"),
        ("quarter", "2025-11-30", "2025-09-30"),
        ("quarter", "2025-01-31", "2024-12-31"),
        ("quarter", "2025-03-31", "2025-03-31"),
        ("year", "2025-12-31", "2025-12-31"),
        ("year", "2025-11-30", "2024-12-31"),
        ("year", "2025-01-31", "2024-12-31"),
    ],
)
def test_a_period_has_closed_by_its_last_month_end(period: str, month: str, closed: str) -> None:
    assert _closed(period, date.fromisoformat(month)) == date.fromisoformat(closed)


@pytest.mark.parametrize(
    ("day", "end"), [("2024-02-01", "2024-02-29"), ("2024-11-30", "2024-11-30"), ("2024-12-31", "2024-12-31")]
)
def test_a_day_belongs_to_the_month_that_ends_next(day: str, end: str) -> None:
    assert _month_end(date.fromisoformat(day)) == date.fromisoformat(end)


def test_rows_that_have_passed_do_not_come_back_when_fewer_pass() -> None:
    entry = Entry("digest", 0, (Piece("old", "a"), Piece("new", "b", "2024-06-30")))
    early, late = (entry.before(date(2024, month, 31)) for month in (5, 8))
    assert [piece.until for piece in early] == ["2024-05-31", "2024-05-31"]
    assert [piece.until for piece in late] == ["2024-08-31", "2024-06-30"]
