"""The eleven metrics of the first issue in polars, straight from Parquet: totals and bank cuts.

Written from the definitions and by another route than the SQL: notes are joined once and kept as they are, growth is
taken by shifting months as numbers, distinct borrowers by `n_unique`, the published series by one dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

Figures = dict[tuple[str, str, str, str, str], float | None]  # metric, component, period, cut, cut_value -> value


def figures(folder: Path) -> Figures:
    """Every total and bank figure of the dataset in `folder`/data/<table>/*.parquet."""
    data = folder / "data"
    names = ("month", "loan", "loan_balance", "loan_flow", "bank_month")
    table = {name: pl.read_parquet(data / name / "*.parquet") for name in names}
    months = table["month"].get_column("month")
    columns = ["loan_id", "enterprise_id", "institution_id", "tech_use", "green"]
    notes = _numbered(table["loan_balance"].filter(pl.col("month").is_in(months.implode()))).join(
        table["loan"].select(columns), on="loan_id"
    )
    notes = notes.with_columns(cents=_cents("balance_rmb"), either=pl.col("tech_enterprise") | pl.col("tech_use"))
    reports = _numbered(
        table["bank_month"].filter(pl.col("reporting_scope") == "PBOC", pl.col("month").is_in(months.implode()))
    )
    found: Figures = {}
    by_number = dict(zip(_number(months.to_frame()).to_list(), (str(m) for m in months), strict=True))
    _note_balances(found, notes, by_number)
    _reported(found, reports, notes, by_number)
    _rates(found, table["loan_flow"], table["loan"], by_number)
    _growth(found, notes, reports, table["loan_flow"], table["loan"], by_number)
    return found


def _cents(name: str) -> pl.Expr:
    return (pl.col(name) * 100).cast(pl.Int64)


def _number(frame: pl.DataFrame, name: str = "month") -> pl.Series:
    return frame.select(pl.col(name).dt.year().cast(pl.Int32) * 12 + pl.col(name).dt.month()).to_series()


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_number(frame).alias("t"))


def _sums(frame: pl.DataFrame, value: pl.Expr) -> dict[tuple[int, str], int]:
    """(month number, bank or 'total') -> sum in cents."""
    found: dict[tuple[int, str], int] = {}
    for keys in (["t"], ["t", "institution_id"]):
        for *key, amount in frame.group_by(keys).agg(value.alias("amount")).iter_rows():
            found[key[0], str(key[1]) if len(key) > 1 else "total"] = amount or 0
    return found


def _cut(unit: str) -> str:
    return "total" if unit == "total" else "bank"


def _note_balances(found: Figures, notes: pl.DataFrame, by_number: dict[int, str]) -> None:
    of = {
        "tech_industry_loan_balance": pl.col("tech_use"),
        "tech_loan_balance": pl.col("either"),
        "tech_loan_overlap": pl.col("tech_enterprise") & pl.col("tech_use"),
        "tech_enterprise_loan_balance": pl.col("tech_enterprise"),
        "green_loan_balance": pl.col("green"),
    }
    for metric, chosen in of.items():
        component = "overlap" if metric == "tech_loan_overlap" else "balance"
        for (t, unit), amount in _sums(notes, pl.col("cents").filter(chosen).sum()).items():
            found[metric, component, by_number[t], _cut(unit), unit] = amount / 1e10
    borrowers = pl.col("enterprise_id").filter(pl.col("tech_enterprise") & (pl.col("cents") > 0)).n_unique()
    for (t, unit), count in _sums(notes, borrowers).items():
        found["tech_enterprise_borrowers", "borrowers", by_number[t], _cut(unit), unit] = float(count)


def _reported(found: Figures, reports: pl.DataFrame, notes: pl.DataFrame, by_number: dict[int, str]) -> None:
    current = reports.filter(pl.col("current"))
    parts = {part: f"{part}_loans" for part in ("all", "enterprise", "household", "overseas", "non_bank")}
    for component, column in parts.items():
        for (t, unit), amount in _sums(current, _cents(column).sum()).items():
            found["all_loan_balance", component, by_number[t], _cut(unit), unit] = amount / 1e10
    for (t, unit), amount in _sums(current, _cents("inclusive_loans").sum()).items():
        found["inclusive_loan_balance", "balance", by_number[t], _cut(unit), unit] = amount / 1e10
    is_new = pl.col("scope_version") == "2025"
    has_new = is_new.any().over("t", "institution_id")
    sides = {
        "enterprise": (reports.filter(is_new | (pl.col("current") & ~has_new)), pl.lit(True)),
        "tech": (reports.filter(is_new), pl.col("either")),
    }
    for side, (rows, chosen) in sides.items():
        own = rows.select("t", "institution_id")
        noted = notes.filter(chosen).join(own, on=["t", "institution_id"], how="semi")
        from_notes = _sums(noted, pl.col("cents").sum())
        stated = _sums(rows, _cents(f"{side}_loans").sum())
        without = _sums(rows, _cents(f"{side}_loans_other").sum())
        for (t, unit), amount in stated.items():
            gap = amount - without[t, unit] - from_notes.get((t, unit), 0)
            key = (by_number[t], _cut(unit), unit)
            found["report_reconciliation_gap", f"{side}_gap", *key] = gap / 1e10
            found["report_reconciliation_gap", f"{side}_gap_share", *key] = 100 * gap / amount if amount else None


def _rates(found: Figures, flow: pl.DataFrame, loan: pl.DataFrame, by_number: dict[int, str]) -> None:
    drawn = flow.filter(pl.col("kind") == "drawdown").join(
        loan.filter(pl.col("currency") == "CNY").select("loan_id", "institution_id", "grant_rate"), on="loan_id"
    )
    drawn = drawn.with_columns(_number(drawn, "event_on").alias("t"), pl.col("grant_rate").cast(pl.Float64))
    amount = pl.col("amount_rmb").cast(pl.Float64)
    for keys in (["t"], ["t", "institution_id"]):
        rates = drawn.group_by(keys).agg((amount * pl.col("grant_rate")).sum() / amount.sum())
        for *key, rate in rates.iter_rows():
            if key[0] in by_number:
                unit = str(key[1]) if len(key) > 1 else "total"
                found["new_loan_rate", "rate", by_number[key[0]], _cut(unit), unit] = rate


def _growth(
    found: Figures,
    notes: pl.DataFrame,
    reports: pl.DataFrame,
    flow: pl.DataFrame,
    loan: pl.DataFrame,
    by_number: dict[int, str],
) -> None:
    tech = _sums(notes.filter("tech_enterprise"), pl.col("cents").sum())
    total = _sums(reports.filter("current"), _cents("all_loans").sum())
    gone, tech_gone = _disposals(notes, flow, loan)
    listed = notes.filter("tech_enterprise").select("t", "enterprise_id").unique()
    old = notes.join(listed.with_columns(pl.col("t") + 12), on=["t", "enterprise_id"], how="semi")
    kept = _sums(old, pl.col("cents").sum())
    base_list = _sums(notes.join(listed, on=["t", "enterprise_id"], how="semi"), pl.col("cents").sum())
    has_notes = set(notes.get_column("t").unique())
    banks = {unit for _, unit in total} - {"total"}
    reporting = {(t, str(bank)) for t, bank in reports.select("t", "institution_id").iter_rows()}
    for t, unit in sorted({*tech, *total}):
        if t - 12 not in by_number:
            continue
        key, base = (by_number[t], _cut(unit), unit), (t - 12, unit)
        months = range(t - 11, t + 1)
        span = [(month, unit) for month in months]
        # what was not reported is unknown, not 0; of a bank without a tech loan the notes say that it has none
        both = [b for n, b in total if n == t and b in (banks if unit == "total" else {unit}) and (t - 12, b) in total]
        all_now = sum(total[t, b] for b in both) if both else None
        all_base = sum(total[t - 12, b] for b in both)
        all_gone = _of(gone, [(month, b) for month in months for b in both])
        tech_now, kept_now = (of.get((t, unit), 0) if t in has_notes else None for of in (tech, kept))
        ends = {
            "tech": (tech_now, tech.get(base, 0)),
            "all": (all_now, all_base),
            "tech_back": (_plus(tech_now, _of(tech_gone, span)), tech.get(base, 0)),
            "all_back": (_plus(all_now, all_gone), all_base),
            "frozen": (kept_now, base_list.get(base, 0)),
        }
        yoy = {
            name: 100 * (end / start - 1) if start and end is not None else None for name, (end, start) in ends.items()
        }
        on_any = {b for n, b in reporting if n == t and (t - 12, b) in reporting and unit in (b, "total")}
        yoy["published"] = published_growth(_published(reports, on_any), t) if on_any else None
        name = "tech_enterprise_loan_growth_gap"
        found[name, "gap", *key] = _less(yoy["tech"], yoy["all"])
        found[name, "yoy_tech_enterprise", *key] = yoy["tech"]
        found[name, "yoy_all", *key] = yoy["all"]
        found[name, "gap_disposals_added_back", *key] = _less(yoy["tech_back"], yoy["all_back"])
        found[name, "gap_frozen_list", *key] = _less(yoy["frozen"], yoy["all"])
        found[name, "gap_published", *key] = _less(yoy["published"], yoy["all"])


def _disposals(notes: pl.DataFrame, flow: pl.DataFrame, loan: pl.DataFrame) -> tuple[dict[tuple[int, str], int], ...]:
    gone = flow.filter(pl.col("kind").is_in(["write_off", "transfer"])).join(
        loan.select("loan_id", "institution_id"), on="loan_id"
    )
    gone = gone.with_columns(_number(gone, "event_on").alias("t"), cents=-_cents("amount_rmb"))
    flagged = notes.filter("tech_enterprise").select("loan_id", t=pl.col("t") + 1)
    of_tech = gone.join(flagged, on=["loan_id", "t"], how="semi")
    return _sums(gone, pl.col("cents").sum()), _sums(of_tech, pl.col("cents").sum())


def _of(amounts: dict[tuple[int, str], int], keys: Iterable[tuple[int, str]]) -> int:
    return sum(amounts.get(key, 0) for key in keys)


def _plus(amount: int | None, more: int) -> int | None:
    return None if amount is None else amount + more


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


class _Series(dict[tuple[str, int], int]):
    """(scope version, month number) -> cents, and which version was current in a month."""

    def __init__(self) -> None:
        super().__init__()
        self.current: dict[int, str] = {}


def _published(reports: pl.DataFrame, banks: set[str]) -> _Series:
    """What the banks together report on each version, in the months in which all of them do."""
    series, count = _Series(), dict[tuple[str, int], int]()
    rows = reports.select("t", "institution_id", "scope_version", "current", _cents("tech_enterprise_loans"))
    for t, bank, version, current, cents in rows.iter_rows():
        if current:
            series.current[t] = max(version, series.current.get(t, version))
        if str(bank) in banks:
            series[version, t] = series.get((version, t), 0) + cents
            count[version, t] = count.get((version, t), 0) + 1
    for key in [key for key in series if count[key] < len(banks)]:
        del series[key]
    return series


def published_growth(series: _Series, t: int) -> float | None:
    """Growth over twelve months in percent on one version, or linked over the earliest month that has both."""
    if t not in series.current:
        return None
    now, then = series.current[t], series.current.get(t - 12, "")
    if (now, t) not in series:
        return None
    if (now, t - 12) in series:
        start = series[now, t - 12]
        return 100 * (series[now, t] / start - 1) if start else None
    links = [m for m in range(t - 12, t + 1) if (now, m) in series and (then, m) in series]
    if not links or not series[now, links[0]] or not series.get((then, t - 12)):
        return None
    link = links[0]
    return 100 * (series[now, t] / series[now, link] * (series[then, link] / series[then, t - 12]) - 1)
