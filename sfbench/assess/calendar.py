"""Periods of an assessment: months, quarters and years by name (2025-12, 2025Q4, 2025) and by their last month."""

from __future__ import annotations

import datetime
import re

from sfbench.errors import SfbenchError

MONTHS = {"month": 1, "quarter": 3, "year": 12}
A_YEAR = {"month": 12, "quarter": 4, "year": 1}  # periods in a year
_YEAR = r"((?:19|20|21)\d\d)"  # a method looks back from it, and no calendar goes before the year 1
_FORMS = {"month": _YEAR + r"-(0[1-9]|1[0-2])", "quarter": _YEAR + r"Q([1-4])", "year": _YEAR + r"()"}
_EXAMPLES = {"month": "2025-12", "quarter": "2025Q4", "year": "2025"}


def name(kind: str, number: int) -> str:
    """The name of period `number`, counted from year 0."""
    year, part = divmod(number, A_YEAR[kind])
    return {"month": f"{year}-{part + 1:02}", "quarter": f"{year}Q{part + 1}", "year": f"{year}"}[kind]


def number_of(kind: str, text: str) -> int:
    """The number of a period by its name. Raises SfbenchError."""
    found = re.fullmatch(_FORMS[kind], text)
    if not found:
        fix = f"write it as {_EXAMPLES[kind]}"
        raise SfbenchError(f"{text!r} is no {kind}", where="--period", why=f"the method is by {kind}", fix=fix)
    return int(found[1]) * A_YEAR[kind] + int(found[2] or 1) - 1


def ended(kind: str, day: datetime.date) -> int:
    """The number of the last period that is over on a month end."""
    return (day.year * 12 + day.month) // MONTHS[kind] - 1


def last_month(kind: str, number: int) -> datetime.date:
    """The month end on which a period ends."""
    months = (number + 1) * MONTHS[kind]
    first_after = datetime.date(months // 12, months % 12 + 1, 1)
    return first_after - datetime.timedelta(days=1)
