"""What the equity oracles share: rows of a dataset as dicts, periods, dates, quantiles, and the book of figures."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

Key = tuple[str, str, str, str, str]  # metric, component, period, cut, cut_value
Figures = dict[Key, float | None]
Row = dict[str, Any]
EQUITY = ("common", "preferred", "convertible")  # instruments that buy a stake
YUAN = 10**8  # CNY 100m


class Data:
    """A dataset folder; small tables as lists of dicts, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows: dict[str, list[Row]] = {}

    def frame(self, table: str, *columns: str) -> pl.DataFrame:
        return pl.read_parquet(self.folder / "data" / table / "*.parquet", columns=list(columns) or None)

    def rows(self, table: str) -> list[Row]:
        if table not in self._rows:
            self._rows[table] = self.frame(table).to_dicts()
        return self._rows[table]

    @cached_property
    def months(self) -> set[date]:
        return {row["month"] for row in self.rows("month")}

    @cached_property
    def last_day(self) -> date:
        return max(self.months)

    @cached_property
    def quarters(self) -> list[date]:
        return sorted(month for month in self.months if month.month % 3 == 0)

    @cached_property
    def years(self) -> list[date]:
        return sorted(month for month in self.months if month.month == 12)

    @cached_property
    def fund(self) -> dict[int, Row]:
        return {row["fund_id"]: row for row in self.rows("fund")}

    @cached_property
    def new_equity(self) -> list[Row]:
        """Deals that bring a firm new equity money."""
        return [d for d in self.rows("deal") if d["instrument"] in EQUITY and not d["secondary"]]

    @cached_property
    def rounds(self) -> list[Row]:
        """One row a round that raises money, its first closing; what all its deals say alike is read there."""
        by_id: dict[int, Row] = {}
        for d in sorted(self.rows("deal"), key=lambda d: (d["closed_on"], d["deal_id"])):
            if d["round_amount"] > 0:
                by_id.setdefault(d["round_id"], d)
        return list(by_id.values())

    @cached_property
    def _spans(self) -> dict[int, list[tuple[date, date]]]:
        spans = defaultdict(list)
        for t in self.rows("enterprise_tag"):
            if t["in_scope"]:
                spans[t["enterprise_id"]].append((max(t["valid_from"], t["published_on"]), t["valid_to"]))
        return spans

    def tech(self, enterprise_id: int, day: date) -> bool:
        """A tag in scope is valid and published on the day."""
        return any(first <= day <= last for first, last in self._spans.get(enterprise_id, ()))

    @cached_property
    def ever_tech(self) -> set[int]:
        return {firm for firm, spans in self._spans.items() if any(first <= last for first, last in spans)}


class Book:
    """Collects figures of one metric."""

    def __init__(self, found: Figures, metric: str) -> None:
        self.found, self.metric = found, metric

    def put(self, component: str, period: date, cut: str, value: object, figure: float | Decimal | None) -> None:
        key = (self.metric, component, period.isoformat(), cut, str(value))
        assert key not in self.found, key
        self.found[key] = None if figure is None else float(figure)

    def each(
        self,
        period: date,
        rows: Iterable[Row],
        cuts: dict[str, Callable[[Row], Any]],
        figures: Callable[[list[Row]], dict[str, float | Decimal | None]],
    ) -> None:
        """The figures of all rows, and of the rows of every value of every cut (None: in no row of the cut)."""
        rows = list(rows)
        groups: dict[tuple[str, Any], list[Row]] = defaultdict(list)
        groups["total", "total"] = rows
        for cut, value_of in cuts.items():
            for row in rows:
                if (value := value_of(row)) is not None:
                    groups[cut, value].append(row)
        for (cut, value), members in groups.items():
            for component, figure in figures(members).items():
                self.put(component, period, cut, value, figure)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def quarter_end(day: date) -> date:
    month = (day.month + 2) // 3 * 3
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def year_end(day: date) -> date:
    return date(day.year, 12, 31)


def total(rows: Iterable[Row], column: str) -> Decimal:
    return sum((row[column] for row in rows), Decimal(0))


def ratio(part: float | Decimal, whole: float | Decimal, unit: int = 1) -> float | None:
    return unit * float(part) / float(whole) if whole else None


def percent(part: float | Decimal, whole: float | Decimal) -> float | None:
    return ratio(part, whole, 100)


def quantile(values: Iterable[float], share: float) -> float | None:
    """Linear interpolation between order statistics, as numpy's default and DuckDB's quantile_cont."""
    ranked = sorted(values)
    if not ranked:
        return None
    place = (len(ranked) - 1) * share
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (place - low)


def survival(spells: Iterable[tuple[int, bool]]) -> list[tuple[int, float]]:
    """Kaplan-Meier: (days, share surviving beyond them) at every day with an event; spells are (days, ended)."""
    spells = list(spells)
    steps, share = [], 1.0
    for day in sorted({days for days, ended in spells if ended}):
        at_risk = sum(days >= day for days, _ in spells)
        share *= 1 - sum(days == day and ended for days, ended in spells) / at_risk
        steps.append((day, share))
    return steps
