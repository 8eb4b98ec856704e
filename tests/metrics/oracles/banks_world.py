"""What the oracle's parts share: tables, calendar, who is a tech enterprise when, and ratios by cut."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import polars as pl

IN_SCOPE = ["HNTE", "TECH_SME", "SRDI", "LITTLE_GIANT", "DEMONSTRATION", "CHAMPION"]
NPL = ["FQ03", "FQ04", "FQ05"]
Cuts = Mapping[str, str]  # name of the cut -> column that holds its value


class Figures(dict[tuple[str, str, str, str, str], float | None]):
    """(metric, component, period, cut, cut value) -> value."""

    def put(
        self, metric: str, component: str, day: date, value: float | None, cut: str = "total", of: object = "total"
    ):
        self[metric, component, day.isoformat(), cut, str(of)] = None if value is None else float(value)

    def ratio(
        self,
        metric: str,
        component: str,
        days: Iterable[date],
        frame: pl.DataFrame,
        above: pl.Expr,
        below: pl.Expr,
        cuts: Cuts | None = None,
        times: float = 100.0,
    ) -> None:
        """times x sum(above) / sum(below) of the rows of each day; None over a zero base."""
        ends = list(days)
        for cut, column in {"total": None, **(cuts or {})}.items():
            keys = ["day"] + ([column] if column else [])
            rows = frame.group_by(keys).agg(above.sum().alias("_above"), below.sum().alias("_below"))
            for day, *of, one, two in rows.select(*keys, "_above", "_below").iter_rows():
                if day in ends and (not of or of[0] is not None):
                    self.put(metric, component, day, times * one / two if two else None, cut, of[0] if of else "total")
        for day in ends:
            self.setdefault((metric, component, day.isoformat(), "total", "total"), None)

    def amount(
        self,
        metric: str,
        component: str,
        days: Iterable[date],
        frame: pl.DataFrame,
        what: pl.Expr,
        cuts: Cuts | None = None,
    ) -> None:
        """The aggregate `what` of the rows of each day; a total without rows is 0."""
        ends = list(days)
        for cut, column in {"total": None, **(cuts or {})}.items():
            keys = ["day"] + ([column] if column else [])
            for day, *of, value in frame.group_by(keys).agg(what.alias("_value")).select(*keys, "_value").iter_rows():
                if day in ends and (not of or of[0] is not None):
                    self.put(metric, component, day, value, cut, of[0] if of else "total")
        for day in ends:
            self.setdefault((metric, component, day.isoformat(), "total", "total"), 0.0)


def months_later(day: date, months: int) -> date:
    """The same day so many months on, the last of the month if there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year_before(end: date) -> date:
    """The last day of the same month a year earlier."""
    return date(end.year - 1, end.month, calendar.monthrange(end.year - 1, end.month)[1])


def quarter_of(name: str) -> pl.Expr:
    """Last day of the quarter of a date, as `day`."""
    return pl.col(name).dt.truncate("1q").dt.offset_by("1q").dt.offset_by("-1d").alias("day")


def year_of(name: str) -> pl.Expr:
    """Last day of the year of a date, as `day`."""
    return pl.date(pl.col(name).dt.year(), 12, 31).alias("day")


def hundred_million(column: str) -> pl.Expr:
    """Sum of a money column in CNY 100m, added up in cents."""
    return pl.col(column).sum() / 1e10


class World:
    """The tables of a dataset; money columns as whole cents, rates as floats, codes as text."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def table(self, name: str, *columns: str) -> pl.DataFrame:
        frame = pl.scan_parquet(self.data / name / "*.parquet").select(columns).collect()
        casts: list[pl.Expr] = []
        for column, kind in frame.schema.items():
            if isinstance(kind, pl.Decimal):
                cents = (pl.col(column) * 100).cast(pl.Int64)
                casts.append(cents if kind.scale == 2 else pl.col(column).cast(pl.Float64))
            elif isinstance(kind, pl.Categorical | pl.Enum):
                casts.append(pl.col(column).cast(pl.String))
        return frame.with_columns(casts)

    @cached_property
    def months(self) -> list[date]:
        return sorted(self.table("month", "month").get_column("month").to_list())

    @cached_property
    def quarters(self) -> list[date]:
        return [day for day in self.months if day.month % 3 == 0]

    @cached_property
    def years(self) -> list[date]:
        return [day for day in self.months if day.month == 12]

    @cached_property
    def tags(self) -> pl.DataFrame:
        names = ("enterprise_id", "tag", "valid_from", "valid_to", "published_on")
        return self.table("enterprise_tag", *names).filter(pl.col("tag").is_in(IN_SCOPE))

    def tagged(self, frame: pl.DataFrame, on: str, keys: list[str]) -> pl.DataFrame:
        """Rows of `frame` with each in-scope tag that the firm holds, valid and published, on the day `on`."""
        day = pl.col(on)
        held = frame.join(self.tags, on="enterprise_id").filter(
            day.is_between("valid_from", "valid_to"), pl.col("published_on") <= day
        )
        return held.unique([*keys, "tag"])

    def flagged(self, frame: pl.DataFrame, on: str, keys: list[str], name: str = "tech") -> pl.DataFrame:
        """`frame` with a flag: the firm is a tech enterprise on the day `on`."""
        held = self.tagged(frame, on, keys).select(keys).unique().with_columns(pl.lit(True).alias(name))
        return frame.join(held, on=keys, how="left").with_columns(pl.col(name).fill_null(False))

    @cached_property
    def firms(self) -> pl.DataFrame:
        names = ("enterprise_id", "district_id", "in_city", "founded_on", "dissolved_on", "first_credit_on")
        district = pl.col("district_id").cast(pl.String).fill_null("out_of_city").alias("district")
        return self.table("enterprise", *names).with_columns(district)

    @cached_property
    def banks(self) -> pl.DataFrame:
        names = ("institution_id", "kind", "bank_type", "founded_on")
        return self.table("institution", *names).filter(pl.col("kind") == "bank")

    @cached_property
    def products(self) -> pl.DataFrame:
        return self.table("product", "product_id", "code", "tech_only")

    @cached_property
    def notes(self) -> pl.DataFrame:
        """All loan notes with their bank type and product code."""
        names = """loan_id application_id enterprise_id institution_id product_id contract_code product_class
            use_industry granted_on due_on amount_rmb tenor_months rate_kind grant_rate benchmark benchmark_rate
            repricing_on borrower_size first_loan tech_use"""
        kinds = self.banks.select("institution_id", "bank_type")
        return (
            self.table("loan", *names.split())
            .join(kinds, on="institution_id", how="left")
            .join(self.products, on="product_id", how="left")
        )

    def stock(self, days: list[date]) -> pl.DataFrame:
        """Notes outstanding at these month ends: `day`, balance in cents, tech, bad, and the note's own columns."""
        names = ("month", "loan_id", "balance_rmb", "rate", "grade", "extended_due_on", "tech_enterprise")
        scan = pl.scan_parquet(self.data / "loan_balance" / "*.parquet").select(names)
        rows = scan.filter(pl.col("month").is_in(days)).collect()
        return (
            rows.with_columns(
                (pl.col("balance_rmb") * 100).cast(pl.Int64),
                pl.col("rate").cast(pl.Float64),
                pl.col("grade").cast(pl.String).is_in(NPL).alias("bad"),
            )
            .rename({"month": "day"})
            .join(self.notes, on="loan_id")
            .with_columns((pl.col("tech_enterprise") | pl.col("tech_use")).alias("tech"))
        )

    @cached_property
    def quarter_stock(self) -> pl.DataFrame:
        return self.stock(self.quarters)

    @cached_property
    def reports(self) -> pl.DataFrame:
        """The bank reports as published: `day`, amounts in cents."""
        names = ("month", "institution_id", "reporting_scope", "scope_version", "current")
        money = ("all_loans", "tech_loans", "npl_loans")
        rows = self.table("bank_month", *names, *money).filter(pl.col("reporting_scope") == "PBOC", pl.col("current"))
        return rows.rename({"month": "day"}).join(self.banks.select("institution_id", "bank_type"), on="institution_id")

    @cached_property
    def applications(self) -> pl.DataFrame:
        """Applications with `tech`: of a tech enterprise on applied_on, or for a tech-only product."""
        names = """application_id enterprise_id institution_id product_id channel decision_model partner_kind
            amount_requested applied_on decided_on decision amount_approved"""
        rows = self.table("credit_application", *names.split()).join(self.products, on="product_id")
        rows = rows.join(self.banks.select("institution_id", "bank_type"), on="institution_id")
        rows = self.flagged(rows, "applied_on", ["application_id"])
        days = (pl.col("decided_on") - pl.col("applied_on")).dt.total_days().alias("days")
        return rows.with_columns(pl.col("tech") | pl.col("tech_only"), days)


NINETY, THIRTY = timedelta(days=90), timedelta(days=30)
