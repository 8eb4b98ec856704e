"""What the oracle of the group `credit_policy` shares: reading tables, quarters, figures by key."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

Key = tuple[str, str, str, str, str]
Row = dict[str, Any]
YI = 1e8  # CNY 100m in yuan
SCOPE_TAGS = ("HNTE", "TECH_SME", "SRDI", "LITTLE_GIANT", "DEMONSTRATION", "CHAMPION")


def month_end(day: date, back: int = 0) -> date:
    """Last day of the month that lies `back` months before the day's."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def by(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, list[Row]]:
    """Rows grouped by a key; rows whose key is None are left out."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        if (name := key(row)) is not None:
            groups.setdefault(name, []).append(row)
    return groups


def percent(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


class City:
    """A dataset: tables as frames (codes as text, money and rates as floats) and small tables as rows."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: dict[Key, float | None] = {}

    def frame(self, table: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        lazy = pl.scan_parquet(str(self.folder / "data" / table / "*.parquet"), hive_partitioning=False)
        frame = (lazy.select(list(columns)) if columns else lazy).collect()
        return frame.with_columns(pl.col(pl.Categorical).cast(pl.String), pl.col(pl.Decimal).cast(pl.Float64))

    def rows(self, table: str, columns: Iterable[str] | None = None) -> list[Row]:
        return self.frame(table, columns).to_dicts()

    @cached_property
    def months(self) -> list[date]:
        return sorted(row["month"] for row in self.rows("month", ["month"]))

    @cached_property
    def quarters(self) -> list[date]:
        return [month for month in self.months if month.month % 3 == 0]

    @cached_property
    def loans(self) -> pl.DataFrame:
        return self.frame("loan")

    @cached_property
    def bank_type(self) -> dict[int, str]:
        rows = self.rows("institution", ["institution_id", "bank_type"])
        return {row["institution_id"]: row["bank_type"] for row in rows if row["bank_type"]}

    @cached_property
    def enterprises(self) -> dict[int, Row]:
        columns = ["enterprise_id", "industry_code", "district_id", "cluster_id", "in_city", "dissolved_on"]
        return {row["enterprise_id"]: row for row in self.rows("enterprise", columns)}

    @cached_property
    def balances(self) -> pl.DataFrame:
        """Balances of notes at month ends with what the notes say of themselves."""
        columns = (
            "enterprise_id",
            "institution_id",
            "product_id",
            "use_industry",
            "se",
            "tenor_months",
            "manufacturing",
        )
        rows = self.frame("loan_balance", ["month", "loan_id", "balance_rmb"])
        return rows.join(self.loans.select("loan_id", *columns), on="loan_id")

    @cached_property
    def years(self) -> dict[int, list[Row]]:
        """A firm's years in order: what it reported, and when."""
        rows = self.rows("enterprise_year", ["enterprise_id", "year", "reported_on", "size", "rd_cycle"])
        return by(sorted(rows, key=lambda row: row["year"]), lambda row: row["enterprise_id"])

    def latest_year(self, enterprise: int, day: date) -> Row | None:
        """The latest year that the firm had reported by the day."""
        known = [row for row in self.years.get(enterprise, []) if row["reported_on"] <= day]
        return known[-1] if known else None

    @cached_property
    def tags(self) -> dict[int, list[Row]]:
        rows = self.rows("enterprise_tag", ["enterprise_id", "tag", "valid_from", "valid_to", "published_on"])
        return by((row for row in rows if row["tag"] in SCOPE_TAGS), lambda row: row["enterprise_id"])

    def tags_on(self, enterprise: int, day: date) -> set[str]:
        """In-scope tags valid and published on a day."""
        return {
            row["tag"]
            for row in self.tags.get(enterprise, [])
            if row["valid_from"] <= day <= row["valid_to"] and row["published_on"] <= day
        }

    def put(self, metric: str, day: date, cut: tuple[str, Any], **components: float | None) -> None:
        for component, value in components.items():
            self.found[metric, component, day.isoformat(), cut[0], str(cut[1])] = value

    def put_sums(
        self, metric: str, frame: pl.DataFrame, days: list[date], cut: str, columns: Mapping[str, str]
    ) -> None:
        """Sums in CNY 100m of `frame` (month, columns) in total and by its column named as the cut."""
        for day in days:
            self.put(metric, day, ("total", "total"), **dict.fromkeys(columns, 0.0))
        sums = [pl.col(column).sum().alias(component) for component, column in columns.items()]
        for row in frame.group_by("month").agg(sums).to_dicts():
            if (day := row.pop("month")) in days:
                self.put(metric, day, ("total", "total"), **{name: value / YI for name, value in row.items()})
        for row in frame.drop_nulls(cut).group_by("month", cut).agg(sums).to_dicts():
            if (day := row.pop("month")) in days:
                value = row.pop(cut)
                self.put(metric, day, (cut, value), **{name: amount / YI for name, amount in row.items()})
