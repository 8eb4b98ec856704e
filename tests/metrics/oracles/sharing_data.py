"""Tables as rows, the calendar of a dataset, tech enterprises, and a sheet to write figures on."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

Row = dict[str, Any]
HUNDRED_MILLION = 100_000_000


class Period(NamedTuple):
    """First and last day."""

    first: date
    last: date

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


class Figures(dict[tuple[str, str, str, str, str], float | None]):
    """The long table: metric, component, period, cut, cut_value -> value."""

    def put(self, metric: str, component: str, day: date, where: tuple[str, object], value: Any) -> None:
        """A figure; without a value only the total gets a row."""
        if value is not None or where[0] == "total":
            key = (metric, component, day.isoformat(), where[0], str(where[1]))
            assert key not in self, key
            self[key] = None if value is None else float(value)


TOTAL = ("total", "total")


def share(part: Any, whole: Any) -> float | None:
    """100 x part / whole; None without a whole."""
    return 100 * float(part) / float(whole) if whole else None


def groups(rows: Iterable[Row], *cuts: tuple[str, str]) -> list[tuple[tuple[str, object], list[Row]]]:
    """[(cut, cut_value), rows]: the total first, then every value of the columns of (cut, column)."""
    rows = list(rows)
    found: list[tuple[tuple[str, object], list[Row]]] = [(TOTAL, rows)]
    for cut, column in cuts:
        values: dict[object, list[Row]] = {}
        for row in rows:
            values.setdefault(row[column], []).append(row)
        found += [((cut, value), part) for value, part in values.items()]
    return found


def quantile(values: Iterable[float], q: float) -> float | None:
    """Linear interpolation between the neighbours."""
    series = pl.Series(list(values), dtype=pl.Float64)
    return series.quantile(q, "linear") if len(series) else None


class Data:
    """A dataset folder; tables are read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, list[Row]] = {}  # goes with the data, as a cache of the method would not

    def frame(self, name: str, columns: list[str] | None = None) -> pl.LazyFrame:
        lazy = pl.scan_parquet(self.folder / "data" / name / "*.parquet")
        return lazy.select(columns) if columns else lazy

    def rows(self, name: str) -> list[Row]:
        if name not in self._read:
            self._read[name] = self.frame(name).collect().to_dicts()
        return self._read[name]

    @cached_property
    def months(self) -> list[date]:
        return sorted(row["month"] for row in self.rows("month"))

    @cached_property
    def quarters(self) -> list[Period]:
        return [Period(date(m.year, m.month - 2, 1), m) for m in self.months if m.month % 3 == 0]

    @cached_property
    def years(self) -> list[Period]:
        return [Period(date(m.year, 1, 1), m) for m in self.months if m.month == 12]

    @cached_property
    def notes(self) -> dict[int, Row]:
        """Loan notes by id, with the code of their product."""
        code = {row["product_id"]: row["code"] for row in self.rows("product")}
        return {row["loan_id"]: {**row, "code": code[row["product_id"]]} for row in self.rows("loan")}

    def balances(self, loans: Iterable[int]) -> dict[date, dict[int, Row]]:
        """Quarter end -> note -> its balance row, of these notes."""
        ends = [quarter.last for quarter in self.quarters]
        columns = ["month", "loan_id", "balance_rmb", "tech_enterprise"]
        wanted = pl.col("month").is_in(ends) & pl.col("loan_id").is_in(list(set(loans)))
        found: dict[date, dict[int, Row]] = {end: {} for end in ends}
        for row in self.frame("loan_balance", columns).filter(wanted).collect().iter_rows(named=True):
            found[row["month"]][row["loan_id"]] = row
        return found

    @cached_property
    def _tags(self) -> dict[int, list[tuple[date, date]]]:
        found: dict[int, list[tuple[date, date]]] = {}
        for row in self.rows("enterprise_tag"):
            if row["in_scope"]:
                first = max(row["valid_from"], row["published_on"])
                found.setdefault(row["enterprise_id"], []).append((first, row["valid_to"]))
        return found

    def is_tech(self, enterprise: int, day: date) -> bool:
        """Whether the firm is a tech enterprise on the day."""
        return any(first <= day <= last for first, last in self._tags.get(enterprise, ()))

    def tech_enterprises(self) -> list[int]:
        """Firms that ever had an in-scope tag."""
        return list(self._tags)

    def lpr(self, note: Row) -> Any:
        """LPR of like tenor on the day of grant; None if the calendar does not hold it."""
        granted: date = note["granted_on"]
        first = granted.replace(day=1)  # of the month after the one whose row holds the LPR
        end = (first if granted.day < 20 else (first + timedelta(days=32)).replace(day=1)) - timedelta(days=1)
        place = bisect_right(self.months, end) - 1
        if place < 0 or self.months[place] != end:
            return None
        row = next(row for row in self.rows("month") if row["month"] == end)
        return row["lpr_5y" if note["tenor_months"] >= 60 else "lpr_1y"]
