"""What the oracle of the group `markets` shares: tables as plain rows, calendar, figures as they are found."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

Row = dict[str, Any]
Key = tuple[str, str, str, str, str]
TOTAL = ("total", "total")
YI = 1e8  # a hundred million


def later(day: date, months: int) -> date:
    """The same day some months on (before, if negative), or the last day of that month if it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_end(day: date) -> date:
    return month_end(date(day.year, (day.month + 2) // 3 * 3, 1))


def ratio(part: float, whole: float, times: float = 100) -> float | None:
    return times * part / whole if whole else None


def weighted(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Mean of (weight, value) pairs."""
    found = list(pairs)
    return ratio(sum(w * v for w, v in found), sum(w for w, _ in found), 1)


class World:
    """A dataset: rows of a table (money and rates as floats), the reported periods, who is tech and in the city."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.months: list[date] = sorted(row["month"] for row in self.rows("month"))
        self.quarters = [day for day in self.months if day.month % 3 == 0]
        self.years = [day for day in self.months if day.month == 12]

    def scan(self, table: str) -> pl.LazyFrame:
        return pl.scan_parquet(self.folder / "data" / table / "*.parquet")

    def rows(self, table: str) -> list[Row]:
        frame = self.scan(table).collect()
        kinds = {name: pl.Float64 for name, kind in frame.schema.items() if kind == pl.Decimal}
        codes = {name: pl.String for name, kind in frame.schema.items() if kind == pl.Categorical or kind == pl.Enum}
        return frame.cast({**kinds, **codes}).to_dicts()  # type: ignore[arg-type]

    def is_over(self, day: date, months: int) -> bool:
        """Whether so many months after a day are in the dataset."""
        return month_end(later(day, months)) <= self.months[-1]

    @cached_property
    def firms(self) -> dict[int, Row]:
        """Firms in the city by number."""
        return {row["enterprise_id"]: row for row in self.rows("enterprise") if row["in_city"]}

    @cached_property
    def tags(self) -> pl.DataFrame:
        columns = ("enterprise_id", "valid_from", "valid_to", "published_on")
        return self.scan("enterprise_tag").filter(pl.col("in_scope")).select(columns).collect()

    def tech(self, day: date) -> set[int]:
        """Firms with a valid and published tag in scope."""
        valid = (pl.col("valid_from") <= day) & (pl.col("valid_to") >= day) & (pl.col("published_on") <= day)
        return set(self.tags.filter(valid)["enterprise_id"])


class Figures(dict[Key, float | None]):
    """The long table; `at` writes the components of one metric, period and cut value."""

    def at(self, metric: str, period: date, cut: tuple[str, Any] = TOTAL, /, **components: float | None) -> None:
        for name, value in components.items():
            if value is not None or cut == TOTAL:
                self[metric, name, period.isoformat(), cut[0], str(cut[1])] = None if value is None else float(value)


def cuts(rows: Iterable[Row], name: str, column: str) -> Iterator[tuple[tuple[str, Any], list[Row]]]:
    """(cut, its rows) for every value of a column."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    for value, group in groups.items():
        yield (name, value), group


def total(rows: Iterable[Row], column: str = "amount") -> float:
    return sum(row[column] for row in rows if row[column] is not None)


def dated(rows: Iterable[Row], column: str, first: date, last: date) -> list[Row]:
    """Rows with first <= column <= last; a null is in no period."""
    return [row for row in rows if row[column] is not None and first <= row[column] <= last]


def in_quarter(rows: Iterable[Row], column: str, quarter: date) -> list[Row]:
    return dated(rows, column, later(quarter.replace(day=1), -2), quarter)


def alive(rows: Iterable[Row], begin: str, end: str, day: date) -> list[Row]:
    """Rows that have begun by a day and have not ended by it."""
    return [row for row in rows if row[begin] is not None and row[begin] <= day and not ended(row[end], day)]


def ended(end: date | None, day: date) -> bool:
    return end is not None and end <= day
