"""What of a cache still holds hangs on months: which periods have closed, and which rows of a file have passed."""

from __future__ import annotations

import json
from datetime import date

import pytest

from sfbench.metrics.cache.cache import _closed
from sfbench.metrics.cache.entry import Entry, Piece
from sfbench.metrics.cache.look import FileId, Look
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


@pytest.mark.parametrize("day", [None, date(2024, 11, 30)])
def test_what_was_looked_at_and_kept_is_read_as_it_was_written(day: date | None) -> None:
    files: dict[str, tuple[FileId, ...]] = {"loan": (("loan/a.parquet", 7, "stamp"), ("loan/b.parquet", 9, "12"))}
    look = Look(files, day, date(2024, 12, 31), ("loan.green",))
    assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look
    entry = Entry("digest", 3, (Piece("a", "1", day and day.isoformat()), Piece("b", "2")))
    assert Entry.from_json(json.loads(json.dumps(entry.to_json()))) == entry


def test_an_entry_whose_month_is_none_is_refused() -> None:
    record = Entry("digest", 3, (Piece("a", "1", "2024-13-31"),)).to_json()
    with pytest.raises(ValueError, match="month"):
        Entry.from_json(record)
