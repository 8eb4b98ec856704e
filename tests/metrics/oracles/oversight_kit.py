"""What the oracle of measures 16 to 19 shares: tables, periods, notes with their month number, quantiles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

Figures = dict[tuple[str, str, str, str, str], float | None]
YUAN = 1e8  # money components are in CNY 100m
CENTS = 100 * YUAN


def number(day: date) -> int:
    """Months since year 0."""
    return day.year * 12 + day.month - 1


def month_end(number_: int) -> date:
    """Last day of the month with this number."""
    following = number_ + 1
    return date(following // 12, following % 12 + 1, 1) - timedelta(days=1)


def ratio(part: float, whole: float, factor: float = 100.0) -> float | None:
    """factor x part / whole; None without a base."""
    return factor * part / whole if whole else None


def quantile(values: Iterable[float], q: float) -> float | None:
    """Linear interpolation between order statistics; None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


class Found:
    """Collects figures."""

    def __init__(self) -> None:
        self.figures: Figures = {}

    def put(self, metric: str, period: date, cut: str, value: object, **components: float | None) -> None:
        """Components of one metric, period and cut value."""
        for name, figure in components.items():
            key = (metric, name, period.isoformat(), cut, str(value))
            assert key not in self.figures, key
            self.figures[key] = None if figure is None else float(figure)


class Data:
    """The tables of a dataset folder and its periods."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.months: list[int] = sorted(number(m) for m in self.frame("month").get_column("month"))
        self.last_day = month_end(self.months[-1])

    def frame(self, table: str) -> pl.DataFrame:
        """A table, codes as plain strings."""
        read = pl.read_parquet(self.folder / "data" / table / "*.parquet")
        return read.with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A small table as dicts."""
        return self.frame(table).to_dicts()

    @cached_property
    def quarters(self) -> list[tuple[date, date]]:
        """First and last day of the quarters whose last month is there."""
        return [(month_end(m - 3) + timedelta(days=1), month_end(m)) for m in self.months if m % 3 == 2]

    @cached_property
    def years(self) -> list[tuple[date, date]]:
        """First and last day of the years whose last month is there."""
        return [(date(m // 12, 1, 1), month_end(m)) for m in self.months if m % 12 == 11]

    @cached_property
    def firms(self) -> pl.DataFrame:
        """Borrowers with their group and the month in which they were founded."""
        columns = ["enterprise_id", "cluster_id", "group_id", "founded_on"]
        return self.frame("enterprise").select(columns).with_columns(founded=_number("founded_on"))

    @cached_property
    def loans(self) -> pl.DataFrame:
        """Notes: what does not change."""
        columns = ["loan_id", "enterprise_id", "institution_id", "tech_use", "first_loan", "granted_on"]
        return self.frame("loan").select(columns)

    @cached_property
    def notes(self) -> pl.DataFrame:
        """Balances in cents with month number `t`, flags `flagged`, `tech`, `bad`, and what the note is."""
        columns = ["month", "loan_id", "balance_rmb", "grade", "overdue_days", "tech_enterprise"]
        balances = pl.read_parquet(self.folder / "data" / "loan_balance" / "*.parquet", columns=columns)
        made = balances.select(
            "loan_id",
            t=_number("month"),
            cents=(pl.col("balance_rmb") * 100).cast(pl.Int64),
            grade=pl.col("grade").cast(pl.String).str.slice(2).cast(pl.Int64),
            overdue_days="overdue_days",
            flagged="tech_enterprise",
        )
        joined = made.join(self.loans, on="loan_id").filter(pl.col("t").is_in(self.months))
        return joined.with_columns(tech=pl.col("flagged") | pl.col("tech_use"), bad=pl.col("grade") >= 3)

    @cached_property
    def disposals(self) -> pl.DataFrame:
        """Write-offs and transfers: note, day, month number `t`, positive cents."""
        flows = self.frame("loan_flow").filter(pl.col("kind").is_in(["write_off", "transfer"]))
        return flows.select(
            "loan_id", "event_on", t=_number("event_on"), gone=-(pl.col("amount_rmb") * 100).cast(pl.Int64)
        )

    @cached_property
    def noted_months(self) -> set[int]:
        """Months that have balances."""
        return set(self.notes.get_column("t").unique())


def _number(column: str) -> pl.Expr:
    return pl.col(column).dt.year().cast(pl.Int64) * 12 + pl.col(column).dt.month().cast(pl.Int64) - 1
