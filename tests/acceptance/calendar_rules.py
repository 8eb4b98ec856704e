"""Month arithmetic and the loan prime rate, for the script that makes the set."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

# Loan prime rate from the day of its publication: one year, five years; percent x 1e5 (PBoC announcements)
LPR = (
    (date(2022, 1, 20), 370_000, 460_000),
    (date(2022, 5, 20), 370_000, 445_000),
    (date(2022, 8, 22), 365_000, 430_000),
    (date(2023, 6, 20), 355_000, 420_000),
    (date(2023, 8, 21), 345_000, 420_000),
    (date(2024, 2, 20), 345_000, 395_000),
    (date(2024, 7, 22), 335_000, 385_000),
    (date(2024, 10, 21), 310_000, 360_000),
    (date(2025, 5, 20), 300_000, 350_000),
)


def add_months(when: date, months: int) -> date:
    """The same day some months on, or the month's last day if there is no such day."""
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    return date(year, month + 1, min(when.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Calendar months from one date to another, days ignored."""
    return last.year * 12 + last.month - first.year * 12 - first.month


def lpr_at(when: date, tenor_months: int) -> int:
    """LPR in force on a day: one year below 60 months of tenor, five years from 60 on."""
    _, one, five = max(row for row in LPR if row[0] <= when)
    return five if tenor_months >= 60 else one
